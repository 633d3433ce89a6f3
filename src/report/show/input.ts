import type { ShownConnection } from '../../dissect/shown.js'
import type { Lesson } from '../../teaching/index.js'
import type { CaptureRecord, HandshakeRecord } from '../../verdict/record.js'
import type { Colors } from '../paint.js'

/** What there is to show. */
export interface ShowInput {
  readonly capture: CaptureRecord
  /** The handshakes to choose from, the first of them. */
  readonly choices: readonly HandshakeRecord[]
  /** How many there are. */
  readonly matching: number
  readonly shown: { readonly record: HandshakeRecord; readonly connection: ShownConnection } | null
  /** null where none were asked for. */
  readonly lessons: readonly Lesson[] | null
}

export interface ShowTextOptions {
  /** Columns of the terminal; no line is wider. */
  readonly width: number
  readonly colors: Colors
  /** An annotated dump of each message in the place of its tree. */
  readonly bytes: boolean
  /** Nothing of the dump is left out. */
  readonly allBytes: boolean
  /** Of the lessons. */
  readonly language: 'en' | 'ja'
}
