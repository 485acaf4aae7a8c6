// Adyen's own library as a till at a simulated terminal: node adyen.mjs PATH-OF-TILLRIG
// Says a line for each case; exit code 0 when all held.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import adyen from "@adyen/api-library";
import unencrypted from "@adyen/api-library/lib/src/services/terminalLocalAPIUnencrypted.js";

const { Client, Config, TerminalLocalAPI } = adyen;
const { default: TerminalLocalAPIUnencrypted } = unencrypted;
const folder = mkdtempSync(join(tmpdir(), "tillrig-adyen-"));
const key = { KeyIdentifier: "shop", KeyVersion: 1, AdyenCryptoVersion: 1, Passphrase: "a passphrase" };
let ids = 0;
let failed = 0;

const serviceId = () => `J${String(++ids).padStart(9, "0")}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// A terminal of ours, and the lines that it says.
class Terminal {
  constructor(...settings) {
    this.authority = join(folder, `authority-${++ids}.pem`);
    const words = ["device", "terminal", "--nexo", "0", "--authority", this.authority];
    for (const each of settings) words.push("--set", each);
    this.said = "";
    this.process = spawn(process.argv[2], words, { stdio: ["pipe", "pipe", "inherit"] });
    this.process.stdout.on("data", (piece) => (this.said += piece));
  }
  async until(text) {
    for (let i = 0; i < 500; ++i) {
      if (this.said.includes(text)) return;
      await wait(10);
    }
    throw new Error(`the terminal never said "${text}" but:\n${this.said}`);
  }
  async type(line) {
    this.process.stdin.write(`${line}\n`);
    await this.until(`! ${line}`);
  }
  async client() {
    await this.until("listens at");
    const port = /127\.0\.0\.1:(\d+)/.exec(this.said)[1];
    // The library adds ":8443/nexo/"; behind a question mark that changes nothing.
    return new Client(new Config({
      apiKey: "none", environment: "TEST", terminalApiLocalEndpoint: `https://127.0.0.1:${port}/nexo/?`,
      certificatePath: this.authority, connectionTimeoutMillis: 20000,
    }));
  }
  async end() {
    const ended = new Promise((done) => this.process.on("exit", done));
    this.process.stdin.write("quit\n");
    const code = await ended;
    if (code !== 0) throw new Error(`the terminal ended with code ${code}`);
  }
}

const header = (category, id = serviceId()) => ({
  ProtocolVersion: "3.0", MessageClass: "Service", MessageCategory: category, MessageType: "Request",
  SaleID: "judge", ServiceID: id, POIID: "P400Plus-52500006",
});
const payment = (amount, id) => ({ SaleToPOIRequest: {
  MessageHeader: header("Payment", id),
  PaymentRequest: {
    SaleData: { SaleTransactionID: { TransactionID: `sale ${amount}`, TimeStamp: "2026-03-02T10:15:00+00:00" } },
    PaymentTransaction: { AmountsReq: { Currency: "EUR", RequestedAmount: amount } },
  },
} });
const reference = (id) => ({ MessageCategory: "Payment", SaleID: "judge", ServiceID: id });
const status = (id) => ({ SaleToPOIRequest: {
  MessageHeader: header("TransactionStatus"),
  TransactionStatusRequest: { ReceiptReprintFlag: false, MessageReference: reference(id) },
} });
const abort = (id) => ({ SaleToPOIRequest: {
  MessageHeader: header("Abort"), AbortRequest: { AbortReason: "MerchantAbort", MessageReference: reference(id) },
} });
const reversal = (poi) => ({ SaleToPOIRequest: {
  MessageHeader: header("Reversal"),
  ReversalRequest: { OriginalPOITransaction: { POITransactionID: poi }, ReversalReason: "MerchantCancel" },
} });

function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what} is ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}`);
}
async function judge(what, ...settings) {
  const act = settings.pop();
  const terminal = new Terminal("card_ms=0", "pin_ms=0", "remove_ms=0", ...settings);
  try {
    await act(terminal, await terminal.client());
    await terminal.end();
    console.log(`ok      ${what}`);
  } catch (error) {
    ++failed;
    terminal.process.kill();
    console.log(`failed  ${what}: ${error.stack}`);
  }
}

const plain = (client) => {
  const api = new TerminalLocalAPIUnencrypted(client);
  return (message) => api.request(message);
};
const sealed = (client, with_key = key) => {
  const api = new TerminalLocalAPI(client);
  return (message) => api.request(message, with_key);
};
const of_payment = (answer) => answer.SaleToPOIResponse.PaymentResponse;

for (const [how, api, ...settings] of [
  ["plain", plain], ["sealed", sealed, "key_id=shop", "key_version=1", "passphrase=a passphrase"],
]) {
  await judge(`${how}: a payment is approved`, ...settings, async (terminal, client) => {
    const answer = await api(client)(payment(10.1));
    const paid = of_payment(answer);
    equal(answer.SaleToPOIResponse.MessageHeader.MessageType, "Response", "MessageType");
    equal(paid.Response.Result, "Success", "Result");
    equal(paid.PaymentResult.AmountsResp.AuthorizedAmount, 10.1, "AuthorizedAmount");
    equal(paid.PaymentResult.AmountsResp.Currency, "EUR", "Currency");
    equal(paid.SaleData.SaleTransactionID.TransactionID, "sale 10.1", "SaleTransactionID");
    equal(paid.PaymentReceipt[0].DocumentQualifier, "CustomerReceipt", "DocumentQualifier");
  });
  await judge(`${how}: approved and not heard, then asked`, "lost_ack=keep", ...settings, async (terminal, client) => {
    const ask = api(client);
    await terminal.type("cut approved reset");
    const id = serviceId();
    const lost = await ask(payment(10.1, id)).then(() => "", (error) => error.message);
    equal(/socket hang up|ECONNRESET/.test(lost), true, `the connection that broke ("${lost}")`);
    await terminal.until("card charged 10.10 EUR");
    const told = (await ask(status(id))).SaleToPOIResponse.TransactionStatusResponse;
    equal(told.Response.Result, "Success", "Result");
    equal(told.RepeatedMessageResponse.MessageHeader.ServiceID, id, "the ServiceID that is repeated");
    const again = told.RepeatedMessageResponse.RepeatedResponseMessageBody.PaymentResponse;
    equal(again.Response.Result, "Success", "the repeated Result");
    equal(again.PaymentResult.AmountsResp.AuthorizedAmount, 10.1, "the repeated amount");
  });
  await judge(`${how}: a payment that nobody knows`, ...settings, async (terminal, client) => {
    const told = (await api(client)(status("J999999999"))).SaleToPOIResponse.TransactionStatusResponse;
    equal(told.Response.Result, "Failure", "Result");
    equal(told.Response.ErrorCondition, "NotFound", "ErrorCondition");
  });
}

await judge("in progress, then aborted on another connection", "customer=hand", async (terminal, client) => {
  const ask = plain(client);
  const id = serviceId();
  const paying = ask(payment(10.1, id));
  await terminal.until(`"ServiceID":"${id}"`);
  const told = (await ask(status(id))).SaleToPOIResponse.TransactionStatusResponse;
  equal(told.Response.ErrorCondition, "InProgress", "ErrorCondition");
  await ask(abort(id));
  const stopped = of_payment(await paying);
  equal(stopped.Response.Result, "Failure", "Result");
  equal(stopped.Response.ErrorCondition, "Aborted", "ErrorCondition");
});
await judge("a refusal and a partial approval", "by_amount=cents", async (terminal, client) => {
  const ask = plain(client);
  const refused = of_payment(await ask(payment(10.51)));
  equal(refused.Response.ErrorCondition, "Refusal", "ErrorCondition");
  equal(refused.Response.AdditionalResponse.includes("NOT_ENOUGH_BALANCE"), true, "AdditionalResponse");
  const partial = of_payment(await ask(payment(10.61)));
  equal(partial.Response.Result, "Partial", "Result");
  equal(partial.PaymentResult.AmountsResp.AuthorizedAmount, 5.3, "AuthorizedAmount");
});
await judge("a reversal", async (terminal, client) => {
  const ask = plain(client);
  const paid = of_payment(await ask(payment(10.1)));
  const poi = paid.POIData.POITransactionID;
  const back = (await ask(reversal(poi))).SaleToPOIResponse.ReversalResponse;
  equal(back.Response.Result, "Success", "Result");
  await terminal.until("card reversed");
  const again = (await ask(reversal(poi))).SaleToPOIResponse.ReversalResponse;
  equal(again.Response.Result, "Failure", "Result");
});
await judge("another passphrase opens nothing", "key_id=shop", "key_version=1", "passphrase=a passphrase",
  async (terminal, client) => {
    const ask = sealed(client, { ...key, Passphrase: "another" });
    const error = await ask(payment(10.1)).then(() => "", (problem) => problem.message);
    equal(error !== "", true, "that it fails");
    await terminal.until("sealed%20with%20another%20passphrase");
    equal(terminal.said.includes("card charged"), false, "that a card was charged");
  });

rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
