/** A release: setup, checks in parallel, a gateway, a roll-back by `goto`, a report in teardown. */
export const RELEASE = `apiVersion: orderlines/v1
kind: Process
namespace: shop
name: release-web
description: Build, test and ship the web shop
labels: { team: web }
params:
  - { name: version, type: string, required: true, pattern: '^v\\d+\\.\\d+\\.\\d+$' }
  - { name: environment, type: string, enum: [staging, production], default: staging }
variables:
  - { name: regions, type: list, value: [eu, us] }
  - { name: digest, type: string }
timeout: 1d
workspace: run
queue: default
onError: raise
outputs: { digest: "\${{ vars.digest }}" }
callbacks:
  - { states: [FAILURE, TIMEOUT], uses: email.send, with: { to: [oncall@shop.local], subject: "\${{ run.process }} \${{ run.status }}", text: "\${{ run.url }}" } }
setup:
  - { id: checkout, uses: shell, with: { command: 'git clone --branch "$VERSION" /srv/git/web.git web', env: { VERSION: "\${{ params.version }}" } } }
flow:
  - id: build
    name: Compile
    uses: shell
    with: { command: make build, cwd: web }
    timeout: 10m
    retry: { limit: 2, delay: 5s, backoff: exponential, jitter: 0.2 }
  - id: checks
    type: parallel
    branches:
      unit: [{ id: unit, uses: shell, with: { command: make test, cwd: web }, onError: ignore }]
      lint: [{ id: lint, uses: shell, with: { command: make lint, cwd: web }, onError: ignore }]
  - id: gate
    type: switch
    cases:
      - { when: "\${{ tasks.unit.failed }}", next: refuse }
    default: pack
  - { id: refuse, type: end, status: FAILURE, message: "unit tests: \${{ tasks.unit.error.message }}" }
  - { id: pack, uses: shell, with: { command: './pack.sh >> "$ORDERLINES_RESULT"', cwd: web }, set: { digest: "\${{ result.sha256 }}" } }
  - id: deploy
    type: group
    onError: { goto: rollback }
    timeout: "\${{ params.environment == 'production' ? 3600 : '10m' }}"
    flow:
      - { id: rollout, uses: shell, idempotent: true, with: { command: './deploy.sh "$REGIONS"', env: { REGIONS: "\${{ join(vars.regions, ' ') }}" } } }
  - { id: done, type: end }
  - { id: rollback, uses: shell, with: { command: './deploy.sh --previous' } }
  - { id: rolled_back, type: end, status: FAILURE, message: "rolled back: \${{ tasks.deploy.error.message }}" }
teardown:
  - { id: report, uses: log, with: { message: "release \${{ params.version }}: \${{ run.status }}" } }
layout: {}
`;

/** A nightly load with retries over some reasons, and a sum over results. */
export const NIGHTLY = `apiVersion: orderlines/v1
kind: Process
name: nightly-load
params: [{ name: day, type: date, default: "\${{ day(run.logicalTime, -1) }}" }]
variables: [{ name: rows, type: integer, value: 0 }]
outputs: { rows: "\${{ vars.rows }}" }
flow:
  - { id: list, uses: http.request, with: { url: "https://files.local/index?day=\${{ params.day }}" }, retry: { limit: 3, delay: 10s, backoff: exponential, maxDelay: 5m, reasons: [plugin, timeout.run, infra] } }
  - id: load
    type: parallel
    maxConcurrency: 4
    branches:
      eu: [{ id: load_eu, uses: script, with: { language: python3, code: "..." }, retry: { limit: 5, delay: 2s } }]
      us: [{ id: load_us, uses: script, with: { language: python3, code: "..." }, retry: { limit: 5, delay: 2s } }]
  - { id: count, type: assign, set: { rows: "\${{ sum([tasks.load_eu, tasks.load_us].map(t, t.result.rows)) }}" } }
`;

/** A loop with a gateway. */
export const PROBE = `apiVersion: orderlines/v1
kind: Process
name: wait-until-ready
variables: [{ name: tries, type: integer, value: 0 }]
flow:
  - { id: probe, uses: http.request, with: { url: "http://127.0.0.1:9/ready" }, timeout: 5s, onError: ignore }
  - { id: again, type: assign, set: { tries: "\${{ vars.tries + 1 }}" } }
  - id: decide
    type: switch
    cases:
      - { when: "\${{ !tasks.probe.failed && tasks.probe.result.body.ready }}", next: done }
      - { when: "\${{ vars.tries >= 20 }}", next: give_up }
    default: pause
  - { id: pause, type: delay, for: 5s, next: probe }
  - { id: give_up, type: end, status: FAILURE, message: "not ready after \${{ vars.tries }} tries" }
  - { id: done, type: end }
`;
