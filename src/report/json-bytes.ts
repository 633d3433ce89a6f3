import { jsonText } from './json-text.js'

const FIRST_CAPACITY = 16 * 1024

const encoder = new TextEncoder()

/** A string whose JSON is itself between quotes. */
const PLAIN = /^[ !#-[\]-~]*$/

/**
 * UTF-8 bytes of JSON text, put together without strings in between: a number or a word costs as much as its digits or
 * letters. One object is used again and again.
 */
export class JsonBytes {
  private bytes = new Uint8Array(FIRST_CAPACITY)
  private length = 0

  clear(): void {
    this.length = 0
  }

  /** What was written since `clear`, valid until the next call. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Text that is all ASCII and is JSON already. */
  ascii(text: string): void {
    this.reserve(text.length)
    const { bytes } = this
    const at = this.length
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
    this.length = at + text.length
  }

  /** Bytes that are JSON already. */
  raw(json: Uint8Array): void {
    this.reserve(json.length)
    this.bytes.set(json, this.length)
    this.length += json.length
  }

  /** Any string, in quotes and escaped. */
  string(text: string): void {
    if (!PLAIN.test(text)) {
      this.raw(encoder.encode(jsonText(text)))
      return
    }
    this.ascii('"')
    this.ascii(text)
    this.ascii('"')
  }

  /** A word that needs no escaping, in quotes. */
  word(text: string | null): void {
    if (text === null) {
      this.ascii('null')
      return
    }
    this.ascii('"')
    this.ascii(text)
    this.ascii('"')
  }

  number(value: number | null): void {
    if (value === null) this.ascii('null')
    else if (value >= 0 && value < 0x8000_0000 && (value | 0) === value) this.digits(value)
    else this.ascii(String(value))
  }

  boolean(value: boolean): void {
    this.ascii(value ? 'true' : 'false')
  }

  private digits(value: number): void {
    let count = 1
    for (let bound = 10; count < 10 && value >= bound; bound *= 10) count++
    this.reserve(count)
    let rest = value
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = 48 + (rest - tenth * 10)
      rest = tenth
    }
    this.length += count
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}

/** UTF-8 bytes of the JSON of a value. */
export function jsonBytes(value: unknown, before = ''): Uint8Array {
  return encoder.encode(`${before}${jsonText(value)}`)
}
