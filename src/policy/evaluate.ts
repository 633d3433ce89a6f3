import type { CaptureRecord, HandshakeRecord } from '../verdict/record.js'
import { listText } from './code-points.js'
import type { ExpectedCount } from './expectation.js'
import type { CheckedHandshake, Severity } from './finding.js'
import { type Matcher, matcherOf, type Subject } from './match.js'
import { type NearName, NearNames, serverNamesOf } from './near-names.js'
import { type OverrideUse, OverrideUses } from './override-use.js'
import type { Policy, RuleSettings, SettingValue, Where } from './policy.js'
import { relativeName } from './relative-name.js'
import { AGREEMENT, type Failure, framesOf, helloFrames, isWhole, type NotSeen, type Rule } from './rule.js'
import { emptyCapture, unseenHandshakes } from './rules/evidence.js'
import { RULES } from './rules/index.js'
import { keyShareValidity, unfitting } from './rules/key-share-validity.js'

/** What a check needs to know wherever it looks at handshakes: plain data, for worker threads. */
export interface CheckWork {
  readonly policy: Policy
  /** Folders that captures were found in: a capture is known by its path below. */
  readonly roots: readonly string[]
  /** What captures are known by whose path below is that of another one, too (`distinctNames`). */
  readonly names?: ReadonlyMap<string, string>
  /** Handshakes that pass are named as well. */
  readonly namesPassed?: boolean
}

/** A handshake that is not as the policy says, or that it says nothing of; or one that is, where those are named, too. */
export interface Judged {
  readonly capture: string
  readonly handshake: CheckedHandshake
  /** In the order of the rules. */
  readonly failures: readonly JudgedFailure[]
  /** The policy turns every rule off for it. */
  readonly unjudged?: true
}

export interface JudgedFailure {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly frames: readonly number[]
  readonly fingerprint: string
}

/** For each expectation, how many handshakes it is about. */
export type ExpectedCounts = readonly ExpectedCount[]

/** Turns text into a short one in hexadecimal, different for different texts. */
export type Digest = (text: string) => string

interface ActiveRule {
  readonly rule: Rule
  readonly severity: Severity
  readonly values: Readonly<Record<string, SettingValue>>
}

interface ActiveRules {
  readonly rules: readonly ActiveRule[]
  readonly incomplete: Severity | 'off'
  readonly unseenHandshakes: Severity | 'off'
  readonly emptyCapture: Severity | 'off'
}

/** Conditions, made ready. */
interface ActiveConditions {
  readonly matches: Matcher
  /** Whether all of them hold that are not about the server's name; null where none is about it. */
  readonly mayMatch: Matcher | null
}

interface ActiveExpectation extends ActiveConditions {
  readonly labels: readonly string[] | null
}

interface ActiveOverride extends ActiveConditions {
  readonly active: ActiveRules
  /** It has one of `CAPTURE_RULES`. */
  readonly isOfCaptures: boolean
}

const NO_RULES: ActiveRules = { rules: [], incomplete: 'off', unseenHandshakes: 'off', emptyCapture: 'off' }

/** Makes ready what a policy asks. */
export async function evaluatorOf(work: CheckWork, digest: Digest): Promise<Evaluator> {
  const { policy } = work
  const overrides: ActiveOverride[] = []
  for (const { where, rules } of policy.overrides)
    overrides.push({
      ...(await conditionsOf(where)),
      active: rules === null ? NO_RULES : activeRules({ ...policy.rules, ...rules }),
      isOfCaptures: rules === null || CAPTURE_RULES.some((id) => Object.hasOwn(rules, id)),
    })
  const expected: ActiveExpectation[] = []
  for (const { where, labels } of policy.expectations) expected.push({ ...(await conditionsOf(where)), labels })
  return new Evaluator(activeRules(policy.rules), overrides, expected, work, digest)
}

async function conditionsOf(where: Where): Promise<ActiveConditions> {
  const { 'server-name': names, ...others } = where
  return { matches: await matcherOf(where), mayMatch: names === undefined ? null : await matcherOf(others) }
}

/** Holds handshakes and captures against a policy, one at a time. */
export class Evaluator {
  private readonly active: ActiveRules
  private readonly overrides: readonly ActiveOverride[]
  private readonly uses = new OverrideUses()
  private readonly expected: readonly ActiveExpectation[]
  private readonly nearNames: NearNames
  private readonly roots: readonly string[]
  private readonly names: ReadonlyMap<string, string> | undefined
  private readonly namesPassed: boolean
  private readonly digest: Digest
  private counts: Counting[]

  constructor(
    active: ActiveRules,
    overrides: Evaluator['overrides'],
    expected: Evaluator['expected'],
    { policy, roots, names, namesPassed = false }: CheckWork,
    digest: Digest,
  ) {
    this.active = active
    this.overrides = overrides
    this.expected = expected
    this.roots = roots
    this.names = names
    this.namesPassed = namesPassed
    this.digest = digest
    this.counts = expected.map(noCount)
    this.nearNames = new NearNames(serverNamesOf([...policy.overrides, ...policy.expectations]))
  }

  /** null where it is as the policy says, unless those are named, too, or no rule was held against it. */
  handshake(record: HandshakeRecord): Judged | null {
    const path = relativeName(record.capture, this.roots)
    const name = this.names?.get(record.capture) ?? path
    const subject = { path, handshake: record }
    const isNamed = isNameSeen(record)
    this.count(record, subject, isNamed)
    if (record.serverName !== null) this.nearNames.note(record.serverName)
    const first = this.firstFor(subject)
    const { rules, ...severities } = this.overrides[first]?.active ?? this.active
    let { incomplete } = severities
    const failures: JudgedFailure[] = []
    const notSeen: Undecided[] = []
    const add = (rule: string, severity: Severity, { message, frames, values }: Failure): void => {
      const fingerprint = this.fingerprint(rule, name, record.serverName ?? record.server.address, values)
      failures.push({ rule, severity, message, frames, fingerprint })
    }
    for (const { rule, severity, values } of rules) {
      const answer = rule.evaluate?.(record, values) ?? 'holds'
      if (answer === 'holds') continue
      if (isNotSeen(answer)) notSeen.push({ rule: rule.id, severity, what: answer.notSeen })
      else for (const failure of answer) add(rule.id, severity, failure)
    }
    for (const override of isNamed ? [] : this.overridesInDoubt(subject, first)) {
      const unsure = unsureOf(record, override).filter(
        ({ rule, severity }) =>
          ![...failures, ...notSeen].some((one) => one.rule === rule && one.severity === severity),
      )
      notSeen.push(...unsure)
      if (incomplete === 'off' && unsure.length > 0) incomplete = override.incomplete
    }
    const unjudged = rules.length === 0 && incomplete === 'off'
    if (incomplete !== 'off') {
      const failure = incompleteness(record, notSeen, rules.length === 0)
      if (failure !== null) {
        // What could only have warned does not fail where it cannot be told.
        const warns = notSeen.length > 0 && notSeen.every(({ severity }) => severity === 'warning')
        add('incomplete', warns ? 'warning' : incomplete, failure)
        failures.unshift(failures.pop() as JudgedFailure)
      }
    }
    if (failures.length === 0 && !this.namesPassed && !unjudged) return null
    const { capture, stream, handshake, client, server, serverName, startTime } = record
    const checked = { stream, handshake, client, server, serverName, startTime }
    return { capture, handshake: checked, failures, ...(unjudged ? { unjudged } : {}) }
  }

  /** What is to be said of a capture as a whole. */
  capture({ capture, notes, skipped, handshakes, error }: CaptureRecord): readonly JudgedFailure[] {
    const path = relativeName(capture, this.roots)
    const name = this.names?.get(capture) ?? path
    const active = this.activeFor({ path, handshake: null })
    const failures: JudgedFailure[] = []
    const add = (rule: string, severity: Severity | 'off', message: string, code: string): void => {
      const fingerprint = this.fingerprint(rule, name, '', [code])
      if (severity !== 'off') failures.push({ rule, severity, message, frames: [], fingerprint })
    }
    for (const { code, message } of notes) {
      if (UNSEEN.has(code)) add('unseen-handshakes', active.unseenHandshakes, sentenceOf(message), code)
    }
    for (const [reason, count] of Object.entries(skipped)) {
      if (!UNREAD.test(reason)) continue
      const packets = count === 1 ? '1 packet was' : `${count} packets were`
      const message = `${packets} not read (${reason}): what was sent there is not known.`
      add('unseen-handshakes', active.unseenHandshakes, message, reason)
    }
    // A key share may have been seen in an earlier capture.
    const validity = active.rules.find(({ rule }) => rule.id === keyShareValidity.id)
    if (validity !== undefined)
      for (const { message, values } of unfitting(notes, validity.values['level'] as string))
        add(keyShareValidity.id, validity.severity, message, values.join())
    // Of one that was not read whole, there is more than this to say.
    if (handshakes === 0 && error === null)
      add('empty-capture', active.emptyCapture, 'The capture holds no TLS handshake.', 'empty')
    return failures
  }

  fingerprint(rule: string, name: string, peer: string, values: readonly (string | number)[]): string {
    return this.digest(JSON.stringify([rule, name, peer, ...values]))
  }

  /** What was counted for each expectation since the last time. */
  takeCounts(): ExpectedCounts {
    const { counts } = this
    if (counts.some(({ matching, open }) => matching > 0 || open > 0)) this.counts = counts.map(noCount)
    return counts
  }

  /** Server names that came and are nearly what the policy has, since the last time. */
  takeNearNames(): readonly NearName[] {
    return this.nearNames.take()
  }

  /** What was learnt of the overrides since the last time. */
  takeOverrideUses(): readonly OverrideUse[] {
    return this.uses.take()
  }

  private activeFor(subject: Subject): ActiveRules {
    return this.overrides[this.firstFor(subject)]?.active ?? this.active
  }

  /** The first override that fits, -1 where none does; a later one is looked at as long as nothing is known of it. */
  private firstFor(subject: Subject): number {
    const { overrides, uses } = this
    let first = -1
    for (let index = 0; index < overrides.length; index++) {
      if (first >= 0 && !uses.isOpen(index)) continue
      const { matches, isOfCaptures } = overrides[index] as ActiveOverride
      if (!matches(subject)) continue
      if (first < 0) first = index
      if (subject.handshake !== null || isOfCaptures) uses.note(index, first)
    }
    return first
  }

  /** Overrides before the one that is used that may be the one that counts: the name they ask for was not seen. */
  private overridesInDoubt(subject: Subject, used: number): readonly ActiveRules[] {
    const before = used < 0 ? this.overrides : this.overrides.slice(0, used)
    return before.filter(({ mayMatch }) => mayMatch?.(subject) === true).map(({ active }) => active)
  }

  private count({ verdict }: HandshakeRecord, subject: Subject, isNamed: boolean): void {
    const { expected, counts } = this
    for (let i = 0; i < expected.length; i++) {
      const { matches, mayMatch, labels } = expected[i] as ActiveExpectation
      const isMatch = matches(subject)
      if (!isMatch && (isNamed || mayMatch?.(subject) !== true)) continue
      const count = counts[i] as Counting
      const isCounted = verdict.label !== null && (labels === null || labels.includes(verdict.label))
      if (isMatch) count.matching++
      if (isMatch && isCounted) count.counted++
      else if (isCounted || verdict.outcome === 'incomplete') count.open++
    }
  }
}

type Counting = { -readonly [Key in keyof ExpectedCount]: ExpectedCount[Key] }

function noCount(): Counting {
  return { matching: 0, counted: 0, open: 0 }
}

/** Whether it is known which name the client asked for, or that it asked for none. */
function isNameSeen(record: HandshakeRecord): boolean {
  const hello = record.clientHello ?? record.secondClientHello
  return record.serverName !== null || (hello !== null && isWhole(record, hello))
}

/** What rules say or cannot tell of a handshake of which it is not known whether they are for it. */
function unsureOf(record: HandshakeRecord, { rules }: ActiveRules): readonly Undecided[] {
  return rules.flatMap(({ rule, severity, values }) =>
    (rule.evaluate?.(record, values) ?? 'holds') === 'holds'
      ? []
      : [{ rule: rule.id, severity, what: 'the server name that an override asks for' }],
  )
}

/** Rules that something is asked by of a capture as a whole. */
const CAPTURE_RULES = [unseenHandshakes.id, emptyCapture.id, keyShareValidity.id]

/** Notes of a capture that tell of handshakes which were not followed. */
const UNSEEN: ReadonlySet<string> = new Set([
  'tls-without-handshake',
  'packets-cut',
  'handshakes-given-up',
  'streams-given-up',
  'fragments-incomplete',
  'quic-not-read',
  'dtls-not-read',
])

/** Why packets were skipped that may well have carried TLS over TCP; `other` sums up what may be any of these. */
const UNREAD = /^(?:truncated-header|malformed-ip|malformed-tcp|tunnel-depth|link-header|link-type \d+|other)$/

function activeRules(settings: RuleSettings): ActiveRules {
  const rules: ActiveRule[] = []
  for (const rule of RULES) {
    const setting = settings[rule.id]
    if (setting === undefined || setting.severity.value === 'off' || rule.evaluate === null) continue
    const values = Object.fromEntries(Object.entries(setting.values).map(([key, { value }]) => [key, value]))
    rules.push({ rule, severity: setting.severity.value, values })
  }
  const severityOf = (id: string) => settings[id]?.severity.value ?? 'off'
  return {
    rules,
    incomplete: severityOf('incomplete'),
    unseenHandshakes: severityOf('unseen-handshakes'),
    emptyCapture: severityOf('empty-capture'),
  }
}

function sentenceOf(note: string): string {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`
}

function isNotSeen(answer: NotSeen | readonly Failure[]): answer is NotSeen {
  return 'notSeen' in answer
}

/** A rule that could not be decided, and what it would have to see. */
interface Undecided {
  readonly rule: string
  readonly severity: Severity
  readonly what: string
}

/** What cannot be told of a handshake, for which rules; where no rule is on but `incomplete`, whether its end was seen. */
function incompleteness(record: HandshakeRecord, undecided: readonly Undecided[], isAlone: boolean): Failure | null {
  const { outcome, reason, explanation } = record.verdict
  const frames = framesOf(...helloFrames(record), ...record.notes.map(({ frame }) => frame))
  const missing = [...new Set(undecided.map(({ what }) => what))]
  const told = missing.map((what) => `${what}, ${forRules(undecided.filter((one) => one.what === what))}`)
  if (outcome === 'incomplete' && (isAlone || missing.includes(AGREEMENT))) {
    const codes = [...new Set(record.notes.map(({ code }) => code))].sort()
    const rules = isAlone ? '' : `, ${forRules(undecided)}`
    const message = `What was agreed on cannot be known${rules}. ${explanation}`
    return { message, frames, values: [reason, ...codes] }
  }
  return undecided.length === 0 ? null : { message: `Not seen: ${told.join('; ')}.`, frames, values: missing }
}

function forRules(undecided: readonly Undecided[]): string {
  const rules = [...new Set(undecided.map(({ rule }) => rule))]
  return `for ${rules.length === 1 ? 'rule' : 'rules'} ${listText(rules, rules.length)}`
}
