import type { HandshakeRecord, Hello } from '../verdict/record.js'
import type { SettingValue } from './policy.js'
import type { Setting } from './setting.js'

/** What a rule says of one handshake. */
export type Answer = Holds | NotSeen | readonly Failure[]

/** It is as asked, or there is nothing of the kind that the rule asks about. */
export type Holds = 'holds'

/** What would decide is not in the capture: not bad, but not good either. The rule `incomplete` tells of it. */
export interface NotSeen {
  /** What is missing, as in `the ClientHello`. */
  readonly notSeen: string
}

export interface Failure {
  /** One plain sentence with the values. */
  readonly message: string
  readonly frames: readonly number[]
  /**
   * What tells this failure from another one of the rule, in another run of the same test too: what was agreed on, but
   * no ports, times, frames or sizes that vary.
   */
  readonly values: readonly (string | number)[]
}

export interface Rule {
  readonly id: string
  /** What it asks, in one line. */
  readonly title: string
  /** Why, and what to do where it fails. */
  readonly help: string
  readonly settings: Readonly<Record<string, Setting>>
  /** Of settings that have a value without being named. */
  readonly defaults: Readonly<Record<string, SettingValue>>
  /** The setting that a list, a number or a word in place of all settings stands for. */
  readonly shorthand: string | null
  /** One of these must have a value. */
  readonly needs: readonly string[]
  readonly severity: 'error' | 'warning' | 'off'
  /** null for a rule that is not about one handshake alone. */
  readonly evaluate: ((record: HandshakeRecord, settings: Settings) => Answer) | null
}

type Settings = Readonly<Record<string, SettingValue>>

/** A rule whose settings are as `Values` says; what was left out is turned off, takes nothing, or has no default. */
export function rule<Values extends object>(
  definition: Pick<Rule, 'id' | 'title' | 'help'> &
    Partial<Omit<Rule, 'evaluate'>> & {
      readonly evaluate: ((record: HandshakeRecord, values: Values) => Answer) | null
    },
): Rule {
  const { evaluate, ...rest } = definition
  return {
    settings: {},
    defaults: {},
    shorthand: null,
    needs: [],
    severity: 'off',
    ...rest,
    // Values of a setting are only ever those that its kind reads.
    evaluate: evaluate as Rule['evaluate'],
  }
}

/** What a rule about what was agreed on answers where nothing was: or where that is not in the capture, and unknown. */
export function withoutAgreement({ verdict }: HandshakeRecord): Holds | NotSeen {
  return verdict.outcome === 'incomplete' ? { notSeen: AGREEMENT } : 'holds'
}

/** What is missing of a handshake whose outcome is `incomplete`. */
export const AGREEMENT = 'what was agreed on'

/** A key exchange of TLS 1.2 or older that has a ServerKeyExchange, which is not in the capture. */
export function lacksServerKeyExchange({ negotiated, serverKeyExchange, verdict }: HandshakeRecord): boolean {
  if (negotiated === null || verdict.label === 'psk' || serverKeyExchange !== null) return false
  return /DHE|DH_anon/.test(negotiated.keyExchange)
}

/** Frames in order, each once, those that are known. */
export function framesOf(...frames: readonly (number | null | undefined)[]): number[] {
  const known = frames.filter((frame): frame is number => frame !== null && frame !== undefined)
  return [...new Set(known)].sort((a, b) => a - b)
}

/** Notes that say that a hello holds more than was read of it. */
const CUT: ReadonlySet<string> = new Set(['malformed', 'list-cut'])

/** Whether all of a ClientHello was read: else what is not in its lists may still have been sent. */
export function isWhole({ notes }: HandshakeRecord, hello: Hello): boolean {
  return !notes.some(({ code, frame }) => CUT.has(code) && frame === hello.frame)
}

/** The frames of all hellos, and of a key exchange of TLS 1.2 or older. */
export function helloFrames(record: HandshakeRecord): number[] {
  const { clientHello, helloRetryRequest, secondClientHello, serverHello, serverKeyExchange } = record
  return framesOf(
    clientHello?.frame,
    helloRetryRequest?.frame,
    secondClientHello?.frame,
    serverHello?.frame,
    serverKeyExchange?.frame,
  )
}
