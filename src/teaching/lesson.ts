/** Something to learn from a handshake. */
export interface Lesson {
  /** Stable; the same in every language. */
  readonly key: LessonKey
  readonly title: string
  /** Two to five sentences, safe to print. */
  readonly text: string
}

/** The languages that lessons are written in, as BCP 47 tags. */
export type Language = 'en' | 'ja'

/** A lesson as a language has it. `{name}` in a text stands for a value of the handshake. */
export interface LessonText {
  readonly title: string
  readonly text: string
}

/** A language: each lesson, so that one that is missing does not compile. */
export type Texts = Readonly<Record<LessonKey, LessonText>>

/** The values that a lesson's text names: each of them, and no others. In the order of a handshake. */
export const LESSON_VALUES = {
  'client-hello-not-seen': [],
  'client-hello-grew': ['bytes', 'shares', 'shareBytes', 'segments'],
  'client-hello-beyond-window': ['bytes', 'shares', 'shareBytes', 'segments'],
  'client-hello-one-segment': ['bytes', 'shares', 'shareBytes'],
  'client-hello-one-large-segment': ['bytes', 'shares', 'shareBytes'],
  'client-hello-split': ['bytes', 'segments'],
  'client-hello-small': ['bytes', 'grownBytes'],
  'client-hello-very-small': ['bytes', 'grownBytes'],
  grease: ['value'],
  'encrypted-client-hello': [],
  'offer-none': [],
  'retry-for-share': ['group', 'retryBytes', 'bytes'],
  'retry-for-share-ignored': ['group', 'retryBytes', 'bytes'],
  'retry-for-share-half-seen': ['group', 'retryBytes'],
  'retry-for-cookie': ['retryBytes'],
  'retry-unexplained': ['retryBytes'],
  'retry-not-seen': ['bytes'],
  'server-chose-classical': ['offered', 'group'],
  'tls12-offered-in-vain': ['offered', 'version'],
  'tls12-offered-without-tls13': ['offered', 'version'],
  tls12: ['version'],
  'unknown-group': ['group'],
  'reserved-group': ['group'],
  'grease-selected': ['group'],
  'group-not-of-version': ['group', 'version'],
  'unknown-cipher-suite': ['suite'],
  malformed: [],
  hybrid: ['group', 'kem', 'classical', 'clientShare', 'serverShare'],
  'hybrid-client-not-seen': ['group', 'kem', 'classical', 'serverShare'],
  'hybrid-without-parts': ['group', 'serverBytes'],
  'hybrid-cipher-suite': ['suite'],
  'post-quantum': ['group', 'clientBytes', 'serverBytes'],
  'post-quantum-client-not-seen': ['group', 'serverBytes'],
  'obsolete-kyber': ['group'],
  'obsolete-experiment': ['group'],
  'broken-hybrid': ['exchange'],
  'broken-post-quantum': ['exchange'],
  classical: ['exchange'],
  'classical-rsa': [],
  'classical-other': ['exchange'],
  'psk-with-share': ['group'],
  'psk-only': [],
  resumed: ['version'],
  'early-data': ['frame'],
  'early-data-not-taken': ['frame'],
  'observer-tls13': ['serverName'],
  'observer-tls13-unnamed': [],
  'observer-tls12': ['version', 'serverName'],
  'observer-tls12-unnamed': ['version'],
  'observer-not-seen': [],
  'observer-not-reached': ['version'],
  'observer-broken-off': ['version', 'alert'],
  'observer-plaintext': [],
  'observer-unencrypted': ['suite'],
  'authentication-tls13': [],
  'authentication-tls12': ['version'],
  'authentication-psk': [],
  'harvest-hybrid': [],
  'harvest-post-quantum': [],
  'harvest-classical': [],
  'harvest-classical-psk': [],
  'harvest-broken-hybrid': [],
  'harvest-broken-post-quantum': [],
  'harvest-psk': [],
  'harvest-resumed': ['version'],
  'harvest-unknown': [],
  'harvest-unencrypted': [],
  'rejected-alert-by-server': ['alert'],
  'rejected-alert-by-client': ['alert'],
  'rejected-closed': [],
  'not-tls': [],
  unanswered: [],
  'unanswered-after-alert': ['alert'],
  'incomplete-snap-length': [],
  'incomplete-one-direction': [],
  'incomplete-missing': [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type LessonKey = keyof typeof LESSON_VALUES

/** The values of one lesson, each of them there. */
export type LessonValues<Key extends LessonKey> = Readonly<Record<(typeof LESSON_VALUES)[Key][number], string | number>>

/** A lesson that applies to a handshake, with the values of its text. */
export interface ChosenLesson {
  readonly key: LessonKey
  readonly values: Readonly<Record<string, string | number>>
}
