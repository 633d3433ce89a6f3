import type {
  CheckedCapture,
  CheckedHandshake,
  CheckResult,
  Finding,
  RuleDescription,
  UnusedOverride,
} from '../../src/policy/finding.js'

export function rule(overrides: Partial<RuleDescription> = {}): RuleDescription {
  return {
    id: 'label',
    title: 'The key exchange is of an allowed kind',
    help: 'What was agreed on decides, never what was offered. The explanation says which side stood in the way.',
    severity: 'error',
    ...overrides,
  }
}

export function checkedHandshake(overrides: Partial<CheckedHandshake> = {}): CheckedHandshake {
  return {
    stream: 0,
    handshake: 0,
    client: { address: '198.51.100.2', port: 43850 },
    server: { address: '198.51.100.1', port: 443 },
    serverName: 'kms.example.test',
    startTime: '2026-11-22T10:00:00.000001Z',
    ...overrides,
  }
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: 'label',
    severity: 'error',
    capture: 'captures/login.pcap',
    handshake: checkedHandshake(),
    message: 'The label is classical; allowed: hybrid and post-quantum. The client offered no post-quantum group.',
    frames: [4, 6],
    show: 'pqcap show captures/login.pcap --stream 0 --handshake 0',
    fingerprint: '3f1c9a52d07be846',
    state: 'new',
    ...overrides,
  }
}

export function checkedCapture(overrides: Partial<CheckedCapture> = {}): CheckedCapture {
  return {
    capture: 'captures/login.pcap',
    handshakes: 1,
    passed: 0,
    failed: 1,
    warnings: 0,
    known: 0,
    error: null,
    ...overrides,
  }
}

export function unusedOverride(overrides: Partial<UnusedOverride> = {}): UnusedOverride {
  return {
    place: 'pqcap.policy.yaml:9:5',
    where: 'server-name *.legacy.exmaple.test',
    message: 'no handshake matches it',
    extended: false,
    ...overrides,
  }
}

export function checkResult(overrides: Partial<CheckResult> = {}): CheckResult {
  return {
    policy: 'hybrid',
    rules: [rule()],
    captures: [checkedCapture()],
    findings: [finding()],
    healed: [],
    passedOver: [],
    outcome: 'failed',
    ...overrides,
  }
}

/** A run that has something of everything: what `docs/reports.md` shows. */
export function wholeRun(): CheckResult {
  const login = checkedHandshake({ stream: 2, client: { address: '198.51.100.2', port: 43854 } })
  const ledger = checkedHandshake({
    stream: 3,
    client: { address: '2001:db8::2', port: 51512 },
    server: { address: '2001:db8::1', port: 8443 },
    serverName: 'ledger.example.test',
    startTime: '2026-11-22T10:00:02.417003Z',
  })
  const passing = [0, 1].map((stream) => checkedHandshake({ stream }))
  const batch = checkedHandshake({
    stream: 0,
    server: { address: '198.51.100.9', port: 5432 },
    serverName: null,
    startTime: '2026-11-22T10:05:00.100000Z',
  })
  return {
    policy: 'pqcap.policy.yaml',
    rules: [
      rule(),
      rule({
        id: 'hello-retry-requests',
        title: 'Handshakes need no HelloRetryRequest',
        help: 'A HelloRetryRequest costs a round trip. Let the client send a key share for what the server selects.',
        severity: 'warning',
      }),
      rule({
        id: 'expectation',
        title: 'Expected handshakes came',
        help: 'A connection that was never made cannot fail any other rule, so this one tells of it.',
      }),
    ],
    captures: [
      checkedCapture({ handshakes: 4, passed: 3, failed: 1, known: 1, checked: [...passing, login, ledger] }),
      checkedCapture({
        capture: 'captures/nightly batch.pcapng',
        handshakes: 1,
        passed: 1,
        failed: 0,
        warnings: 1,
        checked: [batch],
      }),
      checkedCapture({
        capture: 'captures/cut.pcap',
        handshakes: 0,
        passed: 0,
        failed: 0,
        error: 'packet 1: 88 bytes are announced at offset 24, and 31 follow',
      }),
    ],
    findings: [
      finding({ handshake: login, frames: [31, 33], show: 'pqcap show captures/login.pcap --stream 2 --handshake 0' }),
      finding({
        handshake: ledger,
        message: 'The label is classical; allowed: hybrid and post-quantum. The client offered X25519MLKEM768.',
        frames: [40, 42],
        show: 'pqcap show captures/login.pcap --stream 3 --handshake 0',
        fingerprint: '90be2d4471aa03c5',
        state: 'known',
      }),
      finding({
        rule: 'hello-retry-requests',
        severity: 'warning',
        capture: 'captures/nightly batch.pcapng',
        handshake: batch,
        message: 'The server sent a HelloRetryRequest for X25519MLKEM768; allowed: 0.',
        frames: [6],
        show: "pqcap show 'captures/nightly batch.pcapng' --stream 0 --handshake 0",
        fingerprint: 'b7715e0c3394fd20',
      }),
      finding({
        rule: 'expectation',
        capture: null,
        handshake: null,
        message: 'Expected: s3.*.example.test at least 1 hybrid; no handshake matches it.',
        frames: [],
        show: null,
        fingerprint: '0c44e1b86a2f7d93',
      }),
    ],
    healed: [
      {
        rule: 'label',
        message: 'The label is psk; allowed: hybrid and post-quantum.',
        fingerprint: '5512ad09ce7f3b60',
      },
    ],
    passedOver: ['captures/README.md'],
    unusedOverrides: [
      unusedOverride(),
      unusedOverride({ place: 'company.yaml:14:5', where: 'address 203.0.113.0/24', extended: true }),
    ],
    outcome: 'trouble',
  }
}
