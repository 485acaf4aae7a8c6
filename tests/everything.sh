# shellcheck shell=bash
# `tillrig test`: everything that must pass. The launcher reads this file when it is asked for that;
# what is not defined here is the launcher's.

passed=0
failed=0
summary=()

# What each part may take, in minutes on two idle cores; whoever makes one longer shortens another.
parts=(builds tests suite sweeps sanitizers fuzz live)
declare -A budget=([builds]=18 [tests]=5 [suite]=5 [sweeps]=3 [sanitizers]=5 [fuzz]=2 [live]=2)
declare -A part_title=([builds]="builds" [tests]="tests" [suite]="suite and mutants" [sweeps]="sweeps"
  [sanitizers]="sanitizers' tests and suite" [fuzz]="fuzz" [live]="live and judges")
declare -A spent=()

spend() { # spend PART SECONDS-AT-START
  spent[$1]=$((${spent[$1]:-0} + SECONDS - $2))
}

build_for_test() { # build_for_test PRESET TARGET...
  local start=$SECONDS
  with_lock build_targets "$@"
  spend builds "$start"
}

print_budget() {
  local part seconds
  printf '\n%-30s %8s %8s\n' "part" "minutes" "budget"
  for part in "${parts[@]}"; do
    seconds=${spent[$part]:-}
    if [[ -z $seconds ]]; then
      printf '%-30s %8s %8d\n' "${part_title[$part]}" "-" "${budget[$part]}"
    else
      printf '%-30s %8s %8d%s\n' "${part_title[$part]}" "$(awk -v s="$seconds" 'BEGIN { printf "%.1f", s / 60 }')" \
        "${budget[$part]}" "$( ((seconds <= budget[$part] * 60)) || echo '  over its budget')"
    fi
  done
}

# record PART NAME PASSED FAILED SECONDS-AT-START [NOTE]
record() {
  spend "$1" "$5"
  shift
  passed=$((passed + $2))
  failed=$((failed + $3))
  local minutes
  minutes=$(awk -v s="$((SECONDS - $4))" 'BEGIN { printf "%.1f", s / 60 }')
  summary+=("$(printf '%-46s %6d passed %5d failed %7s min  %s' "$1" "$2" "$3" "$minutes" "${5-}")")
  printf '%s\n' "${summary[-1]}"
}

# count_cases DIR: "passed failed" of one ctest run. Each program left a GoogleTest report; one that
# died without it, or that failed beside its cases (a leak at its end), counts as one failed case.
count_cases() {
  local dir=$1 name status report numbers p=0 f=0 tests bad skipped disabled errors
  while read -r name status; do
    report=$dir/test_${name//\//_}.xml
    tests=0 bad=0 skipped=0
    if [[ -f $report ]]; then
      numbers=$(sed -n 's/.*<testsuites tests="\([0-9]*\)" failures="\([0-9]*\)" disabled="\([0-9]*\)" errors="\([0-9]*\)".*/\1 \2 \3 \4/p' "$report" | head -1)
      read -r tests bad disabled errors <<<"${numbers:-0 0 0 0}"
      skipped=$(grep -c 'result="skipped"' "$report" || true)
      tests=$((tests - disabled - skipped)) bad=$((bad + errors))
    fi
    if [[ $status != run ]] && ((bad == 0)); then
      bad=1 tests=$((tests + 1))
    elif ((tests == 0)); then
      bad=1 tests=1 # a program without one case proves nothing
    fi
    p=$((p + tests - bad)) f=$((f + bad))
  done < <(sed -n 's/.*<testcase name="\([^"]*\)".* status="\([^"]*\)".*/\1 \2/p' "$dir/ctest.xml" 2>/dev/null)
  printf '%d %d\n' "$p" "$f"
}

# run_ctest PART TITLE PRESET ctest arguments...
run_ctest() {
  local part=$1 title=$2 dir=$root/build/$3 results=$root/build/$3/test-results start=$SECONDS code=0 p f
  shift 3
  rm -rf -- "$results"
  mkdir -p -- "$results"
  run_job env GTEST_OUTPUT="xml:$results/" GTEST_COLOR=no ctest --test-dir "$dir" -j "$(nproc)" \
    --output-on-failure --no-tests="${no_tests:-error}" --output-junit "$results/ctest.xml" "$@" || code=$?
  read -r p f < <(count_cases "$results")
  ((code == 0 || f > 0)) || f=1
  record "$part" "$title" "$p" "$f" "$start"
}

# run_command PART TITLE PRESET ARGUMENTS...: a call of the command that must end with code 0.
run_command() {
  local part=$1 title=$2 bin=$root/build/$3/bin/tillrig start=$SECONDS code=0
  shift 3
  run_job "$bin" "$@" || code=$?
  if ((code == 0)); then
    record "$part" "$title" 1 0 "$start"
  else
    record "$part" "$title" 0 1 "$start" "'tillrig $*' ended with code $code"
  fi
}

# run_suite PART TITLE PRESET [ARGUMENTS]: all scenarios.
run_suite() {
  local digests=$root/build/$3/digests demand=--whole-suite
  rm -f -- "$digests"
  # Played once there are no two digests to compare, so not every invariant has something to judge.
  [[ " ${*:4} " == *" --once "* ]] && demand=
  run_command "$1" "$2" "$3" run scenarios ${demand:+"$demand"} --digests "$digests" "${@:4}"
}

compare_digests() { # compare_digests TITLE PRESET
  local mine=$root/build/$2/digests theirs=$release/digests start=$SECONDS lines
  lines=$(wc -l 2>/dev/null <"$theirs" || echo 0)
  if ((lines == 0)); then
    record sanitizers "$1" 0 1 "$start" "the release suite wrote no digests"
  elif diff -u "$theirs" "$mine"; then
    record sanitizers "$1" 1 0 "$start" "$lines digests are the same"
  else
    record sanitizers "$1" 0 1 "$start" "digests differ (above: - release, + $2): the runs are not deterministic"
  fi
}

check_format() {
  local start=$SECONDS
  local -a files
  if [[ $(clang-format --version 2>/dev/null || true) != *"version 14."* ]]; then
    summary+=("clang-format: not run, version 14 is not on this machine")
    return 0
  fi
  mapfile -t files < <(our_sources)
  if run_job clang-format --dry-run -Werror "${files[@]}"; then
    record tests "clang-format" 1 0 "$start" "${#files[@]} files"
  else
    record tests "clang-format" 0 1 "$start" "run: clang-format -i FILE"
  fi
}

# ThreadSanitizer of g++ 12 cannot place its shadow when addresses are randomised over 32 bits.
fixed_addresses() {
  if setarch "$(uname -m)" -R true 2>/dev/null; then
    printf 'setarch\n%s\n-R\n' "$(uname -m)"
  fi
}

test_threads() {
  local dir=$root/build/tsan start code=0 p f results=$root/build/tsan/test-results
  local -a prefix
  mapfile -t prefix < <(fixed_addresses)
  build_for_test tsan test_pos_host
  start=$SECONDS
  rm -rf -- "$results"
  mkdir -p -- "$results"
  run_job "${prefix[@]}" env GTEST_OUTPUT="xml:$results/" GTEST_COLOR=no TSAN_OPTIONS=halt_on_error=1 \
    ctest --test-dir "$dir" -j "$(nproc)" -R '^pos/host$' --output-on-failure --no-tests=error \
    --output-junit "$results/ctest.xml" || code=$?
  read -r p f < <(count_cases "$results")
  ((code == 0 || f > 0)) || f=1
  record sanitizers "ThreadSanitizer: pos/host" "$p" "$f" "$start"
}

# Each target with a fixed seed and number of inputs, so that it passes or fails the same everywhere.
test_fuzz() {
  local start p=0 f=0 name
  build_for_test fuzz fuzz
  start=$SECONDS
  rm -rf -- "$root/build/fuzz/fresh"
  for name in $(fuzz_names); do
    if run_fuzzer "$name" "$root/build/fuzz/fresh" -seed=1 -runs=20000 -verbosity=0 >"$root/build/fuzz/$name.log" 2>&1; then
      p=$((p + 1))
    else
      cat -- "$root/build/fuzz/$name.log" >&2
      f=$((f + 1))
    fi
  done
  ((p + f > 0)) || f=1 # no target is no proof
  record fuzz "fuzz: 20,000 inputs a target" "$p" "$f" "$start"
}

# --- judges: programs of other makers at our devices -----------------------------------------------

# What may be left out where its program cannot be had, and nothing else; it is said aloud.
judges_that_may_be_skipped=(adyen tshark)

skip_judge() { # skip_judge NAME WHY
  if [[ " ${judges_that_may_be_skipped[*]} " == *" $1 "* ]]; then
    summary+=("SKIPPED: the judge $1 was not asked: $2")
  else
    failed=$((failed + 1))
    summary+=("FAILED: the judge $1 could not be asked: $2")
  fi
  say "${summary[-1]}"
}

# npm and node as they are on the PATH, else Debian's; never both.
have_npm() {
  { command -v npm && command -v node; } >/dev/null || (install_packages npm)
}

# ask_judge NAME CASES TITLE: tests/judges/NAME.mjs says "ok" or "failed" for each of its cases.
ask_judge() {
  local dir=$root/build/judges output=$root/build/judges/$1.log start=$SECONDS p f
  mkdir -p -- "$dir"
  cp -- "$root/tests/judges/$1.mjs" "$dir/"
  run_job timeout 100 node "$dir/$1.mjs" "$release/bin/tillrig" >"$output" 2>&1 || true
  p=$(grep -c '^ok ' "$output" || true) f=$(grep -c '^failed ' "$output" || true)
  ((p + f == $2)) || f=$((f + 1)) # it came to no end
  ((f == 0)) || cat -- "$output" >&2
  record live "judges: $3" "$p" "$f" "$start"
}

test_adyen() {
  local from=$root/tests/judges dir=$root/build/judges
  have_npm || { skip_judge adyen "there is no npm, and Debian's could not be installed"; return 0; }
  mkdir -p -- "$dir"
  if [[ ! -d $dir/node_modules ]] || ! cmp -s "$from/package-lock.json" "$dir/package-lock.json"; then
    cp -- "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$dir/"
    if ! run_job npm ci --prefix "$dir" --no-progress >"$dir/npm.log" 2>&1; then
      cat -- "$dir/npm.log" >&2
      rm -rf -- "$dir/node_modules"
      skip_judge adyen "npm could not fetch its library (its lines are above)"
      return 0
    fi
  fi
  ask_judge adyen 10 "Adyen's Node library, nexo over TLS"
}

test_tshark() {
  have_npm || { skip_judge tshark "there is no node to drive it, and Debian's could not be installed"; return 0; }
  (install_packages judges) || { skip_judge tshark "Debian's package could not be installed"; return 0; }
  ask_judge tshark 2 "tshark, captures of ZVT and TLS"
}

test_all() {
  local quick=0 start=$SECONDS
  if [[ ${1-} == --quick ]]; then
    quick=1
    shift
  fi
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    printf '%s\n' "./tillrig test [--quick] [ctest arguments]" \
      "  builds and runs all tests and the scenario suite: Release, then AddressSanitizer and" \
      "  UndefinedBehaviourSanitizer with the digests compared, then ThreadSanitizer where there are threads," \
      "  then the fuzz targets, and programs of other makers at our devices; prints at its end what each part took beside its budget." \
      "  --quick           Release only" \
      "  ctest arguments   e.g. -R pos/store: only these tests, Release and sanitizers; no suite"
    return 0
  fi
  cd -- "$root"
  mkdir -p -- "$release"
  build_for_test release all
  run_ctest tests "release: tests" release "$@"
  if (($# == 0)); then
    run_suite suite "release: scenarios, twice compared" release
    run_command suite "release: mutants, each killed as its row says" release mutants
    check_format
    test_adyen
    test_tshark
  fi
  if ((quick == 0)); then
    build_for_test debug all
    # The command's own tests time processes against a second; they run in Release only.
    # None of these need be among those asked for.
    # The whole suite is played by the runner below, once.
    local cases='*'
    (($# > 0)) || cases='-Shipped/Suite.*'
    GTEST_FILTER=$cases no_tests=ignore run_ctest sanitizers "ASan + UBSan: tests" debug -E '^sim/app$' "$@"
    if (($# == 0)); then
      run_suite sanitizers "ASan + UBSan: scenarios, once" debug --once
      compare_digests "ASan + UBSan: digests as in release" debug
      test_threads
      test_fuzz
    fi
  fi
  printf '\n'
  printf '%s\n' "${summary[@]}"
  print_budget
  awk -v s="$((SECONDS - start))" 'BEGIN { printf "%.1f minutes in all\n", s / 60 }'
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0)) || exit 1
}
