// tshark reads what `tillrig device terminal --capture` writes: node tshark.mjs PATH-OF-TILLRIG
// Says a line for each case; exit code 0 when all held.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "tillrig-tshark-"));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let failed = 0;

class Terminal {
  constructor(name, ...words) {
    this.capture = join(folder, `${name}.pcapng`);
    this.said = "";
    this.process = spawn(process.argv[2], ["device", "terminal", ...words, "--capture", this.capture,
      "--set", "card_ms=0", "--set", "pin_ms=0", "--set", "remove_ms=0"], { stdio: ["pipe", "pipe", "inherit"] });
    this.process.stdout.on("data", (piece) => (this.said += piece));
  }
  async until(text) {
    for (let i = 0; i < 1000; ++i) {
      if (this.said.includes(text)) return;
      await wait(10);
    }
    throw new Error(`the terminal never said "${text}" but:\n${this.said}`);
  }
  async port() {
    await this.until("listens at");
    return Number(/127\.0\.0\.1:(\d+)/.exec(this.said)[1]);
  }
  async end() {
    const ended = new Promise((done) => this.process.on("exit", done));
    this.process.stdin.write("quit\n");
    await ended;
  }
}

const tshark = (...words) => execFileSync("tshark", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what} is ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}`);
}
async function judge(what, act) {
  try {
    await act();
    console.log(`ok      ${what}`);
  } catch (error) {
    ++failed;
    console.log(`failed  ${what}: ${error.stack}`);
  }
}
// Nothing in the capture is damaged, out of order or lost.
function sound(capture) {
  const wrong = "_ws.malformed or tcp.analysis.flags or tcp.checksum.status == 0 or ip.checksum.status == 0";
  equal(tshark("-r", capture, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y", wrong), "",
    "what tshark finds wrong");
}

// A till that speaks ZVT: registers, pays 10.10, acknowledges all it is told.
async function pay_by_zvt(port) {
  const line = connect(port, "127.0.0.1");
  let pending = Buffer.alloc(0);
  const heard = [];
  line.on("data", (piece) => {
    pending = Buffer.concat([pending, piece]);
    while (pending.length >= 3) {
      const long = pending[2] === 0xff;
      const size = long ? 5 + pending.readUInt16LE(3) : 3 + pending[2];
      if (pending.length < size) return;
      const name = pending.subarray(0, 2).toString("hex");
      heard.push(name);
      pending = pending.subarray(size);
      if (name !== "8000") line.write(Buffer.from("800000", "hex"));
    }
  });
  const ends = async (count) => {
    for (let i = 0; i < 1000 && heard.filter((name) => name === "060f").length < count; ++i) await wait(10);
    equal(heard.filter((name) => name === "060f").length, count, "completions");
  };
  line.write(Buffer.from("0600060000003a0978", "hex"));
  await ends(1);
  line.write(Buffer.from("06010a04000000001010490978", "hex"));
  await ends(2);
  line.destroy();
}

await judge("ZVT over TCP", async () => {
  const terminal = new Terminal("zvt", "--zvt-tcp", "0");
  await pay_by_zvt(await terminal.port());
  await terminal.until("nobody is connected any more");
  await terminal.end();
  sound(terminal.capture);
  const names = tshark("-r", terminal.capture, "-d", "tcp.port==20007,zvt", "-Y", "zvt", "-T", "fields", "-e", "zvt.control_field", "-e", "zvt.ccrc");
  const seen = new Set(names.split(/[\n\t,]/).map((name) => Number(name).toString(16)));
  for (const control of ["600", "601", "40f", "60f", "80"]) equal(seen.has(control), true, `the message ${control}`);
  equal(tshark("-r", terminal.capture, "-Y", "tcp.flags.syn == 1", "-T", "fields", "-e", "frame.interface_name").split("\n")[0],
    "terminal", "the interface");
});

await judge("TLS in front of nexo", async () => {
  const authority = join(folder, "authority.pem");
  const terminal = new Terminal("tls", "--nexo", "0", "--authority", authority);
  const port = await terminal.port();
  const body = JSON.stringify({ SaleToPOIRequest: { MessageHeader: { ProtocolVersion: "3.0", MessageClass: "Service",
    MessageCategory: "Diagnosis", MessageType: "Request", SaleID: "judge", ServiceID: "1", POIID: "" },
  DiagnosisRequest: {} } });
  const answer = await new Promise((done, broken) => {
    const asks = request({ host: "localhost", port, path: "/nexo", method: "POST", ca: readFileSync(authority) },
      (response) => {
        let text = "";
        response.on("data", (piece) => (text += piece));
        response.on("end", () => done(text));
      });
    asks.on("error", broken);
    asks.end(body);
  });
  equal(JSON.parse(answer).SaleToPOIResponse.DiagnosisResponse.POIStatus.GlobalStatus, "OK", "GlobalStatus");
  await terminal.until("nobody is connected any more");
  await terminal.end();
  sound(terminal.capture);
  const as_tls = ["-r", terminal.capture, "-d", "tcp.port==8443,tls"];
  const types = tshark(...as_tls, "-Y", "tls.handshake", "-T", "fields", "-e", "tls.handshake.type").split(/[\n,]/);
  equal(types.includes("1") && types.includes("2"), true, "that client and server greet");
  equal(tshark(...as_tls, "-Y", "tls.handshake.type == 1", "-T", "fields", "-e",
    "tls.handshake.extensions_server_name").trim(), "localhost", "whom the till asks for");
  equal(tshark(...as_tls, "-Y", "tls.app_data", "-T", "fields", "-e", "frame.number").trim() !== "", true,
    "that what is said is sealed");
  equal(readFileSync(terminal.capture).includes("SaleToPOIRequest"), false, "whether anything stands there in clear");
});

rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
