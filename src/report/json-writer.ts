import { jsonText } from './json-text.js'

/**
 * Text of which the bytes are made once, to be copied again and again. It is JSON or a part of it, so no byte of it is
 * 0x7f (`jsonText` escapes it) or 0xff (UTF-8 has none).
 */
export interface KeptText {
  readonly bytes: Uint8Array
  /** In bytes. */
  readonly length: number
  /**
   * The first 32 bytes, eight in each, filled up with zeros: a float64 is the widest thing that a view reads and writes.
   * None is NaN, whose bytes need not stay as they are: the last of them is 0x7f or 0xff.
   */
  readonly first: number
  readonly second: number
  readonly third: number
  readonly fourth: number
}

const encoder = new TextEncoder()

/** A text up to this length is copied as all four numbers, which takes 5 ns where `set` takes 12. In bytes. */
const SHORT = 32

const scratch = new Uint8Array(SHORT)
const scratchView = new DataView(scratch.buffer)

export function keptText(text: string): KeptText {
  const bytes = encoder.encode(text)
  scratch.fill(0)
  scratch.set(bytes.subarray(0, SHORT))
  return {
    bytes,
    length: bytes.length,
    first: scratchView.getFloat64(0, true),
    second: scratchView.getFloat64(8, true),
    third: scratchView.getFloat64(16, true),
    fourth: scratchView.getFloat64(24, true),
  }
}

/** The same for each text of a table. */
export function keptTexts<Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, KeptText> {
  const kept = Object.entries<string>(texts).map(([name, text]) => [name, keptText(text)])
  return Object.fromEntries(kept) as Record<Name, KeptText>
}

const NULL = keptText('null')
const NO_WORD = keptText('""')
const TRUE = keptText('true')
const FALSE = keptText('false')

const QUOTE = 0x22
const BACKSLASH = 0x5c
const POINT = 0x2e
const ZERO = 0x30

/** `000` to `999`, each as a little-endian number of which the last byte is 0. */
const THREE_DIGITS = new Uint32Array(1000)
for (let value = 0; value < 1000; value++) {
  THREE_DIGITS[value] =
    0x303030 + Math.floor(value / 100) + (Math.floor(value / 10) % 10) * 0x100 + (value % 10) * 0x10000
}

/** No number takes more. In bytes. */
const NUMBER_LENGTH = 32
/** Doubles tell numbers of 15 digits apart: of those up to here, the text with six decimals or less is the shortest. */
const MAX_MILLIONTHS = 1e15

/** A buffer that nearly every record fits into. In bytes. */
const USUAL_LENGTH = 32 * 1024
/** One that has grown is given up after so many texts that had no need of it: hostile hellos come one after the other. */
const MANY_USUAL = 100

/** Words that came last, by their length and that of the text in front: no look-up by a hash for those. A power of two. */
const LAST_WORDS = 128

/** Words that are remembered, some 2 MB of the longest; then all are forgotten. */
const MAX_WORDS = 1024
/** A longer text is not kept. In UTF-16 code units. */
const MAX_WORD_LENGTH = 256

/**
 * Puts JSON together as UTF-8, in one buffer that is used again for each text: no strings are made, and what comes again
 * and again is copied. Each value is given with the text in front of it, its name for one; the whole is what `jsonText`
 * gives.
 */
export class JsonWriter {
  private bytes = new Uint8Array(USUAL_LENGTH)
  private view = new DataView(this.bytes.buffer)
  private length = 0
  /** Texts since the last that was long. */
  private usual = 0
  /** null for what was seen once: much of it, as a sentence with the number of a frame, never comes again. */
  private readonly words = new Map<string, KeptText | null>()
  private readonly lastWords: (string | null)[] = new Array(LAST_WORDS).fill('')
  private readonly lastTexts: KeptText[] = new Array(LAST_WORDS).fill(NO_WORD)

  begin(): void {
    this.usual = this.length > USUAL_LENGTH / 4 ? 0 : this.usual + 1
    this.length = 0
    if (this.usual > MANY_USUAL && this.bytes.length > USUAL_LENGTH) this.resize(USUAL_LENGTH)
  }

  /** What was written since `begin`; valid until the next `begin`. */
  end(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  kept(text: KeptText): void {
    this.reserve(text.length)
    this.length = this.copy(text, this.length)
  }

  /** Any number: the fast ones are integers below 2^31 and what has up to six decimals. */
  number(before: KeptText, value: number | null): void {
    this.reserve(before.length + NUMBER_LENGTH)
    const at = this.copy(before, this.length)
    if (value === null) this.length = this.copy(NULL, at)
    else if ((value | 0) === value && value >= 0) this.length = this.integer(value | 0, at)
    else this.length = this.decimal(value, at)
  }

  boolean(before: KeptText, value: boolean): void {
    this.reserve(before.length + SHORT)
    this.length = this.copy(value ? TRUE : FALSE, this.copy(before, this.length))
  }

  /** A string that may hold anything, and is seldom the same. */
  string(before: KeptText, value: string | null): void {
    this.kept(before)
    if (value === null) this.kept(NULL)
    else this.quoted(value)
  }

  /** A string that many records have, best one and the same object: its bytes are kept. */
  word(before: KeptText, value: string | null): void {
    this.kept(before)
    if (value === null) {
      this.kept(NULL)
      return
    }
    const place = (value.length + before.length) % LAST_WORDS
    if (this.lastWords[place] === value) {
      this.kept(this.lastTexts[place] as KeptText)
      return
    }
    const text = this.words.get(value)
    if (text == null) {
      this.newWord(value)
      return
    }
    this.lastWords[place] = value
    this.lastTexts[place] = text
    this.kept(text)
  }

  /** Any value, in the time that `jsonText` takes. */
  value(value: unknown): void {
    this.text(jsonText(value))
  }

  private newWord(value: string): void {
    this.quoted(value)
    if (value.length > MAX_WORD_LENGTH) return
    const seen = this.words.has(value)
    if (this.words.size === MAX_WORDS) this.words.clear()
    this.words.set(value, seen ? keptText(jsonText(value)) : null)
  }

  /** JSON or a part of it. */
  text(text: string): void {
    // UTF-8 takes at most three bytes for a UTF-16 code unit.
    this.reserve(text.length * 3)
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written
  }

  private quoted(text: string): void {
    const { length } = text
    this.reserve(length + 2)
    const { bytes } = this
    let at = this.length
    bytes[at++] = QUOTE
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code >= 0x7f || code === QUOTE || code === BACKSLASH) {
        this.text(jsonText(text))
        return
      }
      bytes[at++] = code
    }
    bytes[at++] = QUOTE
    this.length = at
  }

  /** Returns the index behind what it wrote at `at`, as the following do. There must be room. */
  private copy(text: KeptText, at: number): number {
    const { length } = text
    if (length <= SHORT) {
      const { view } = this
      view.setFloat64(at, text.first, true)
      view.setFloat64(at + 8, text.second, true)
      view.setFloat64(at + 16, text.third, true)
      view.setFloat64(at + 24, text.fourth, true)
    } else {
      this.bytes.set(text.bytes, at)
    }
    return at + length
  }

  private integer(value: number, at: number): number {
    const { view } = this
    if (value < 1000) {
      const length = value < 10 ? 1 : value < 100 ? 2 : 3
      view.setUint32(at, (THREE_DIGITS[value] as number) >>> (24 - 8 * length), true)
      return at + length
    }
    const thousands = (value / 1000) | 0
    const end = this.integer(thousands, at)
    view.setUint32(end, THREE_DIGITS[value - thousands * 1000] as number, true)
    return end + 3
  }

  private decimal(value: number, at: number): number {
    const millionths = Math.round(value * 1e6)
    if (!(value > 0 && millionths <= MAX_MILLIONTHS && millionths / 1e6 === value))
      return at + encoder.encodeInto(jsonText(value), this.bytes.subarray(at)).written
    const { bytes, view } = this
    const whole = Math.floor(millionths / 1e6)
    const fraction = (millionths - whole * 1e6) | 0
    const thousandths = (fraction / 1000) | 0
    const point = this.integer(whole | 0, at)
    bytes[point] = POINT
    view.setUint32(point + 1, THREE_DIGITS[thousandths] as number, true)
    view.setUint32(point + 4, THREE_DIGITS[fraction - thousandths * 1000] as number, true)
    let end = point + 7
    while (bytes[end - 1] === ZERO) end--
    return end
  }

  /** Makes room for so many bytes, and behind them for what is copied with a short text. */
  private reserve(length: number): void {
    const needed = this.length + length + SHORT
    if (needed > this.bytes.length) this.resize(needed * 2)
  }

  private resize(length: number): void {
    const bytes = new Uint8Array(length)
    bytes.set(this.bytes.subarray(0, this.length))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}
