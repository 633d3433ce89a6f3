import type { CaptureRecord } from '../verdict/record.js'
import { type BaselineEntry, type KnownFailures, MAX_ENTRIES } from './baseline.js'
import type { CheckWork, Evaluator, ExpectedCounts, Judged, JudgedFailure } from './evaluate.js'
import { type ExpectedCount, unmetText } from './expectation.js'
import type { CheckedCapture, CheckedHandshake, CheckResult, Finding, RuleDescription, Severity } from './finding.js'
import { type NearName, NearNames, serverNamesOf } from './near-names.js'
import { type OverrideUse, OverrideUses } from './override-use.js'
import type { Expectation, Policy } from './policy.js'
import { relativeName } from './relative-name.js'
import { RULES } from './rules/index.js'
import { showCommand } from './show-command.js'

/**
 * Findings that are kept for reports, of those that fail and of all others: what people and the readers of reports take
 * (GitHub reads 5,000 of a SARIF file). Beyond, they are counted. The first are kept, in the order in which handshakes
 * are decided.
 */
export const MAX_FINDINGS = 10_000

/** Handshakes that are named in all; beyond, those of a capture are named all or none. */
export const MAX_NAMED = 10_000

export interface CheckOptions extends CheckWork {
  /** null where there is no baseline. */
  readonly known: KnownFailures | null
  /** Keep what a new baseline needs. */
  readonly writesBaseline: boolean
  /** A run without any handshake passes. */
  readonly allowEmpty: boolean
}

/** Adds up what was found in one capture after another. */
export class Check {
  /** What a baseline of this run holds; more than `MAX_ENTRIES` are not kept, and `baselineIsWhole` is false. */
  readonly baseline = new Map<string, BaselineEntry>()
  baselineIsWhole = true
  private readonly options: CheckOptions
  private readonly evaluator: Evaluator
  private readonly captures: CheckedCapture[] = []
  private readonly findings: Finding[] = []
  private readonly passedOver: string[] = []
  private readonly kept = { failing: 0, other: 0 }
  private leftOut = 0
  private readonly expected: ExpectedCount[]
  private readonly nearNames: NearNames
  private readonly overrides = new OverrideUses()
  private handshakes = 0
  private unjudged = 0
  private newFailures = 0
  /** What captures are known by that were read whole, and that could not be. */
  private readonly whole = new Set<string>()
  private readonly unread = new Set<string>()
  /** Of the capture at hand. */
  private current: Finding[] = []
  private named: CheckedHandshake[] = []
  private namesLeft = MAX_NAMED
  private counts = emptyCounts()

  constructor(options: CheckOptions, evaluator: Evaluator) {
    this.options = options
    this.evaluator = evaluator
    const { overrides, expectations } = options.policy
    this.expected = expectations.map(() => ({ matching: 0, counted: 0, open: 0 }))
    this.nearNames = new NearNames(serverNamesOf([...overrides, ...expectations]))
  }

  /** A handshake of the capture that is read. */
  judged({ capture, handshake, failures, unjudged }: Judged): void {
    if (unjudged === true) this.unjudged++
    let fails = false
    for (const failure of failures) if (this.add(capture, handshake, failure)) fails = true
    if (fails) this.counts.failing++
    if (this.options.namesPassed === true && this.named.length < this.namesLeft) this.named.push(handshake)
  }

  /** What was learnt of the overrides, in the order of captures. */
  overridesUsed(uses: readonly OverrideUse[]): void {
    for (const [override, takenBy] of uses) this.overrides.note(override, takenBy)
  }

  /** What was counted for the expectations. */
  expectedCounts(counts: ExpectedCounts): void {
    counts.forEach(({ matching, counted, open }, index) => {
      const sum = this.expected[index]
      if (sum === undefined) return
      this.expected[index] = {
        matching: sum.matching + matching,
        counted: sum.counted + counted,
        open: sum.open + open,
      }
    })
  }

  /** Server names that came and are nearly what the policy has, in the order of captures. */
  namesCame(names: readonly NearName[]): void {
    this.nearNames.merge(names)
  }

  /** The capture ends. Where it may be no capture at all, one that is none is passed over. */
  capture(record: CaptureRecord, mayBeNone: boolean): void {
    const { capture, error, handshakes } = record
    if (mayBeNone && error?.code === 'not-a-capture') {
      this.passedOver.push(capture)
      return
    }
    for (const failure of this.evaluator.capture(record)) this.add(capture, null, failure)
    this.overridesUsed(this.evaluator.takeOverrideUses())
    const { failing, failed, warnings, known } = this.counts
    const passed = handshakes - failing
    const whole = { capture, handshakes, passed, failed, warnings, known, error: error?.message ?? null }
    this.captures.push(this.options.namesPassed === true ? this.withNames(whole) : whole)
    // Handshakes are decided in another order than they began.
    for (const finding of this.current.sort(inOrder)) this.findings.push(finding)
    this.handshakes += handshakes
    const names = error === null ? this.whole : this.unread
    names.add(this.nameOf(capture))
    this.current = []
    this.counts = emptyCounts()
  }

  /** Files that are done with, so far. */
  get capturesRead(): number {
    return this.captures.length + this.passedOver.length
  }

  /** `interrupted`: not all captures were read. */
  end(interrupted: boolean): CheckResult {
    const { policy, allowEmpty, known } = this.options
    const troubled = interrupted || this.unread.size > 0
    // Of a capture that is not in this run, or was not read whole, nobody knows what it holds.
    const isLookedAt = (name: string): boolean =>
      name === '' ? !troubled : !interrupted && this.whole.has(name) && !this.unread.has(name)
    this.current = []
    const { 'empty-run': emptyRun } = policy.rules
    policy.expectations.forEach((expected, index) => {
      const severity = severityOfExpectation(expected, policy)
      const hint = this.nearNames.hint(expected.where['server-name'] ?? [])
      const message = unmetText(expected, this.expected[index] as ExpectedCount, hint)
      if (message === null || severity === 'off') return
      const fingerprint = this.evaluator.fingerprint('expectation', '', expected.text, [])
      const failure = {
        rule: 'expectation',
        severity,
        message,
        frames: [],
        fingerprint,
      }
      this.add(null, null, failure, expected.text)
    })
    const severity = emptyRun?.severity.value ?? 'off'
    const message = this.emptiness()
    if (message !== null && !allowEmpty && severity !== 'off') {
      // Nothing is nothing to get used to: no baseline holds it.
      this.keep({
        ...noPlace,
        rule: 'empty-run',
        severity,
        message,
        fingerprint: this.evaluator.fingerprint('empty-run', '', '', []),
        state: 'new',
      })
      if (severity === 'error') this.newFailures++
    }
    this.findings.push(...this.current)
    // Where nothing came, nothing could.
    const unusedOverrides =
      this.handshakes === 0 ? [] : this.overrides.unused(policy.overrides, (names) => this.nearNames.hint(names))
    return {
      policy: policy.name,
      ...(policy.file === null ? {} : { policyFile: policy.file }),
      rules: ruleDescriptions(policy),
      captures: this.captures,
      findings: this.findings,
      healed: known?.healed(isLookedAt) ?? [],
      passedOver: this.passedOver,
      outcome: troubled ? 'trouble' : this.newFailures > 0 ? 'failed' : 'passed',
      ...(this.leftOut === 0 ? {} : { leftOut: this.leftOut }),
      ...(this.unjudged === 0 ? {} : { unjudged: this.unjudged }),
      ...(unusedOverrides.length === 0 ? {} : { unusedOverrides }),
    }
  }

  /** The sentence of a run that held nothing against the policy; null where there was something. */
  private emptiness(): string | null {
    const { handshakes, unjudged } = this
    if (handshakes === 0) return `No TLS handshake was found in ${plural(this.captures.length, 'capture')}.`
    // What is expected of a run is asked of handshakes, too, whatever the rules are.
    const { policy } = this.options
    const isExpected = policy.expectations.some((expected) => severityOfExpectation(expected, policy) !== 'off')
    if (unjudged < handshakes || isExpected) return null
    return `No rule was held against any of ${plural(handshakes, 'handshake')}: the policy turns all of them off.`
  }

  private nameOf(capture: string): string {
    const { roots, names } = this.options
    return names?.get(capture) ?? relativeName(capture, roots)
  }

  private withNames(capture: CheckedCapture): CheckedCapture {
    const { named } = this
    this.named = []
    if (named.length < capture.handshakes) return capture
    this.namesLeft -= named.length
    return { ...capture, checked: named.sort((a, b) => a.stream - b.stream || a.handshake - b.handshake) }
  }

  /** Returns whether it is a failure that is new. */
  private add(
    capture: string | null,
    handshake: CheckedHandshake | null,
    failure: JudgedFailure,
    expected: string | null = null,
  ): boolean {
    const { rule, severity, message, frames, fingerprint } = failure
    const state = severity === 'error' ? (this.options.known?.take(fingerprint) ?? 'new') : 'new'
    const fails = severity === 'error' && state === 'new'
    const { counts } = this
    if (fails) {
      counts.failed++
      this.newFailures++
    } else if (state === 'known') counts.known++
    else counts.warnings++
    if (this.options.writesBaseline && severity === 'error') this.remember(capture, handshake, failure, expected)
    const show =
      capture === null || handshake === null ? null : showCommand(capture, handshake.stream, handshake.handshake)
    this.keep({ rule, severity, capture, handshake, message, frames, show, fingerprint, state })
    return fails
  }

  private keep(finding: Finding): void {
    const kind = finding.severity === 'error' && finding.state === 'new' ? 'failing' : 'other'
    // What is about no capture is little, and said of the whole run.
    if (finding.capture !== null && this.kept[kind] >= MAX_FINDINGS) this.leftOut++
    else {
      this.kept[kind]++
      this.current.push(finding)
    }
  }

  private remember(
    capture: string | null,
    handshake: CheckedHandshake | null,
    { rule, message, fingerprint }: JudgedFailure,
    expected: string | null,
  ): void {
    const before = this.baseline.get(fingerprint)
    if (before !== undefined) this.baseline.set(fingerprint, { ...before, count: before.count + 1 })
    else if (this.baseline.size >= MAX_ENTRIES) this.baselineIsWhole = false
    else
      this.baseline.set(fingerprint, {
        rule,
        capture: capture === null ? '' : this.nameOf(capture),
        server: handshake?.serverName ?? handshake?.server.address ?? expected ?? '',
        message,
        fingerprint,
        count: 1,
      })
  }
}

/** Its own severity, or that of the rule, which turns all of them off. */
function severityOfExpectation({ severity }: Expectation, { rules }: Policy): Severity | 'off' {
  const ofRule = rules['expectation']?.severity.value ?? 'off'
  return ofRule === 'off' ? 'off' : (severity ?? ofRule)
}

const noPlace = { capture: null, handshake: null, frames: [], show: null } as const

function emptyCounts() {
  return { failing: 0, failed: 0, warnings: 0, known: 0 }
}

/** By stream and handshake; what is about the capture comes last. Sorting is stable, so rules stay in their order. */
function inOrder({ handshake: a }: Finding, { handshake: b }: Finding): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a.stream - b.stream || a.handshake - b.handshake
}

/** The rules that the policy has on, also where only an override turns them on. */
function ruleDescriptions({ rules, overrides }: Policy): RuleDescription[] {
  return RULES.flatMap(({ id, title, help }) => {
    const severities = [rules[id], ...overrides.map((override) => override.rules?.[id])].map(
      (setting) => setting?.severity.value,
    )
    const severity = severities.find((word): word is Severity => word !== undefined && word !== 'off')
    return severity === undefined ? [] : [{ id, title, help, severity }]
  })
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
