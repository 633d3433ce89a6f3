import { readU16Be, readU24Be, readU32Be } from '../bytes/cursor.js'
import { decodeText } from '../bytes/text.js'
import type { Group } from '../registry/types.js'

/**
 * A field of a message, or a part of one that holds fields. The children of a field lie in it without a gap and in wire
 * order, so that every byte of a message belongs to exactly one field without children.
 */
export interface FieldNode {
  /** The name of Wireshark's display filter, `tls.handshake.version`; null where Wireshark has no such field. */
  readonly field: string | null
  /** What Wireshark shows in front of the value: `Version`. */
  readonly label: string
  /** `number` is a count or a length, `code` a number that stands for something. */
  readonly type: 'parts' | 'number' | 'code' | 'text' | 'bytes'
  /** The number, or the text; null for parts and bytes. */
  readonly value: number | string | null
  /** What the value stands for: `X25519MLKEM768` for 4588; null where there is nothing to say. */
  readonly meaning: string | null
  /** The group that the value names, or that the field is about. */
  readonly group: Group | null
  /** Where the field begins in its message or record header, and how long it is, in bytes. */
  readonly start: number
  readonly length: number
  readonly children: readonly FieldNode[]
}

/** Why the fields do not make up the message as they should. */
export type TreeProblem =
  /** A length runs past the end of the message or of the vector around it. */
  | 'length-overrun'
  /** Bytes are left after the last field. */
  | 'trailing-bytes'

/**
 * Entries of one list that get a node each. No program sends more; a hostile list has room for 32,767, which nobody
 * reads one by one. The rest is one field.
 */
export const MAX_ENTRIES = 1024

export interface FieldOptions {
  readonly meaning?: string | null
  readonly group?: Group | null
}

type MutableNode = { -readonly [Key in keyof FieldNode]: FieldNode[Key] } & { children: FieldNode[] }

/**
 * Reads fields one after the other and makes a node of each. A field that goes past the end takes what is left, sets
 * `problem`, and all later ones are empty and make no node; nothing is thrown, and no byte is left without a node.
 *
 * Invariant: `0 <= at <= end <= bytes.length`.
 */
export class TreeReader {
  readonly bytes: Uint8Array
  at: number
  end: number
  problem: TreeProblem | null = null
  private list: FieldNode[] = []

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = start
    this.end = end
  }

  get remaining(): number {
    return this.end - this.at
  }

  /** The nodes so far, of the part that is open. */
  get nodes(): readonly FieldNode[] {
    return this.list
  }

  /** The byte that is next, without reading it; -1 at the end. */
  peek(): number {
    return this.remaining > 0 ? (this.bytes[this.at] as number) : -1
  }

  /** A big-endian number of 1 to 4 bytes: with a `name` one that stands for something. 0 where it is not there. */
  number(size: 1 | 2 | 3 | 4, field: string | null, label: string, name?: (value: number) => string): number {
    if (!this.has(size, field, label)) return 0
    const { bytes, at } = this
    const value =
      size === 1
        ? (bytes[at] as number)
        : size === 2
          ? readU16Be(bytes, at)
          : size === 3
            ? readU24Be(bytes, at)
            : readU32Be(bytes, at)
    this.add(field, label, name === undefined ? 'number' : 'code', value, size, { meaning: name?.(value) ?? null })
    return value
  }

  /** A 16-bit code point of a group. */
  groupCode(field: string, label: string, named: (id: number) => Group): number {
    if (!this.has(2, field, label)) return 0
    const value = readU16Be(this.bytes, this.at)
    const group = named(value)
    this.add(field, label, 'code', value, 2, { meaning: group.name, group })
    return value
  }

  /** Bytes that are shown as they are; nothing for none. */
  opaque(length: number, field: string | null, label: string, options: FieldOptions = {}): void {
    if (length === 0 || !this.has(length, field, label)) return
    this.add(field, label, 'bytes', null, length, options)
  }

  /** Text, in UTF-8; nothing for none. */
  text(length: number, field: string | null, label: string): void {
    if (length === 0 || !this.has(length, field, label)) return
    const { bytes, at } = this
    this.add(field, label, 'text', decodeText(bytes, at, at + length), length, {})
  }

  /** Fields that belong together, whatever `read` reads. It may set the node's `label`, `meaning` and `group`. */
  parts(field: string | null, label: string, read: (node: MutableNode) => void): void {
    const outer = this.list
    const { at } = this
    const node = nodeOf(field, label, 'parts', null, at, 0, {})
    this.list = node.children
    read(node)
    this.list = outer
    node.length = this.at - at
    if (node.length > 0) outer.push(node)
  }

  /** The next `length` bytes, all of which `read` should read; what it leaves is a node of its own. */
  within(length: number, read: () => void): void {
    const outer = this.end
    if (length > this.remaining) this.problem ??= 'length-overrun'
    else this.end = this.at + length
    read()
    if (this.remaining > 0) {
      this.problem ??= 'trailing-bytes'
      this.opaque(this.remaining, null, 'Undecoded data')
    }
    this.end = outer
  }

  /** A vector: its length in `size` bytes, and then so many bytes for `read`. */
  vector(size: 1 | 2 | 3, field: string | null, label: string, read: (length: number) => void): void {
    const length = this.number(size, field, label)
    this.within(length, () => read(length))
  }

  /** Reads entries to the end of the vector, as many as get nodes of their own. */
  each(read: () => void): void {
    for (let entries = 0; this.remaining > 0; entries++) {
      if (entries === MAX_ENTRIES) {
        this.opaque(this.remaining, null, `Further entries, after the first ${MAX_ENTRIES}`)
        return
      }
      const before = this.at
      read()
      if (this.at === before) return
    }
  }

  private has(size: number, field: string | null, label: string): boolean {
    if (size <= this.remaining) return true
    this.problem ??= 'length-overrun'
    if (this.remaining > 0) this.add(field, label, 'bytes', null, this.remaining, { meaning: 'cut' })
    return false
  }

  private add(
    field: string | null,
    label: string,
    type: FieldNode['type'],
    value: FieldNode['value'],
    length: number,
    options: FieldOptions,
  ): void {
    this.list.push(nodeOf(field, label, type, value, this.at, length, options))
    this.at += length
  }
}

function nodeOf(
  field: string | null,
  label: string,
  type: FieldNode['type'],
  value: FieldNode['value'],
  start: number,
  length: number,
  { meaning = null, group = null }: FieldOptions,
): MutableNode {
  return { field, label, type, value, meaning, group, start, length, children: [] }
}
