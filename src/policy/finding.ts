import type { Endpoint } from '../verdict/record.js'

export type Severity = 'error' | 'warning'

/** A rule as reports describe it: of the policy that was used, and not turned off. */
export interface RuleDescription {
  /** Stable, in lower case with hyphens, as it stands in a policy file: `label`, `tls-version`, ... */
  readonly id: string
  /** What the rule asks, in one line. */
  readonly title: string
  /** Why, and what to do where it fails, in a few sentences of plain text. */
  readonly help: string
  /** As the policy has it, before overrides. */
  readonly severity: Severity
}

/** One handshake, capture or expectation that is not as the policy says. */
export interface Finding {
  /** `RuleDescription.id`. */
  readonly rule: string
  readonly severity: Severity
  /** The capture as it was named or found; null for a connection that was expected and never came. */
  readonly capture: string | null
  /** Where it is about one handshake: as in its record. */
  readonly handshake: CheckedHandshake | null
  /** One plain sentence with the values, without the names of capture and server. */
  readonly message: string
  /** Frames to look at, in order. */
  readonly frames: readonly number[]
  /** The command that shows the evidence, quoted for a shell; null where there is no handshake to show. */
  readonly show: string | null
  /** Hexadecimal; the same in another run of the same test, with other ports, times and stream numbers. */
  readonly fingerprint: string
  /** `known` where the baseline holds it: it does not fail the check. */
  readonly state: 'new' | 'known'
}

export interface CheckedHandshake {
  readonly stream: number
  readonly handshake: number
  readonly client: Endpoint
  readonly server: Endpoint
  readonly serverName: string | null
  readonly startTime: string
}

/** What was looked at in one capture. */
export interface CheckedCapture {
  readonly capture: string
  readonly handshakes: number
  /** Handshakes without a finding that fails. */
  readonly passed: number
  /** Its new findings of severity error; and of warning, and known ones. */
  readonly failed: number
  readonly warnings: number
  readonly known: number
  /** Why it could not be read whole; null where it was. */
  readonly error: string | null
  /**
   * Its handshakes in the order of streams, for reports that name what passes; left out where there are more than a
   * report would name.
   */
  readonly checked?: readonly CheckedHandshake[]
}

/** A failure of the baseline that did not come again. */
export interface Healed {
  readonly rule: string
  readonly message: string
  readonly fingerprint: string
}

/** An override that nothing in the run came under: there may be a slip in its conditions, or in their order. */
export interface UnusedOverride {
  /** Where it stands: `policy.yaml:12:5`. */
  readonly place: string
  /** Its conditions. */
  readonly where: string
  /** Why nothing did, in a few words. */
  readonly message: string
  /** It is one of a policy that the one of this check extends, and may be there for other captures. */
  readonly extended: boolean
}

/** The whole check, in the order in which captures were given; findings in the order of captures, streams and rules. */
export interface CheckResult {
  /** How the policy calls itself, or its file's path. */
  readonly policy: string
  /** The path of the policy's file. Absent where it is from none. */
  readonly policyFile?: string
  readonly rules: readonly RuleDescription[]
  readonly captures: readonly CheckedCapture[]
  readonly findings: readonly Finding[]
  readonly healed: readonly Healed[]
  /** Files that are not captures and were passed over. */
  readonly passedOver: readonly string[]
  /** Findings beyond the limit, which are counted with their captures but not listed. Absent where there are none. */
  readonly leftOut?: number
  /** Handshakes that pass as the policy turns every rule off for them. Absent where there are none. */
  readonly unjudged?: number
  /** In the order in which they count. Absent where there are none, and where no handshake was found. */
  readonly unusedOverrides?: readonly UnusedOverride[]
  readonly outcome: 'passed' | 'failed' | 'trouble'
}
