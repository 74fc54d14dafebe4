#!/usr/bin/env bash
# Builds everything, which checks style and layout too, measures what a request costs, and runs every test. The last line is the sum of the results.
set -euo pipefail
cd "$(dirname "$0")"

dotnet build ConfluenceGateway.sln

# What a request costs, while nothing else runs (docs/performance.md).
status=0
dotnet run -c Release --project tests/ConfluenceGateway.Benchmarks -- check || status=1

results=artifacts/test-results
rm -rf "$results"
# The README's command. The reports are written beside it, to be counted below.
dotnet test --no-build --results-directory "$results" --report-xunit-trx || status=$?

python3 - "$results" <<'PYTHON' || status=1
import glob, sys, xml.etree.ElementTree as xml

passed = failed = skipped = 0
reports = glob.glob(sys.argv[1] + "/**/*.trx", recursive=True)
for report in reports:
    counters = xml.parse(report).getroot().find(".//{*}Counters").attrib
    total, executed = int(counters["total"]), int(counters["executed"])
    passed += int(counters["passed"])
    failed += int(counters["failed"]) + int(counters["error"])
    skipped += total - executed
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(0 if reports and passed and not failed else 1)
PYTHON
exit "$status"
