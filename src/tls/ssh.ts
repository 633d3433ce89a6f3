import { readU32Be } from '../bytes/cursor.js'

/** `SSH-`, with which both sides of SSH begin (RFC 4253 §4.2). */
const SSH = 0x5353_482d

/** Whether a side of SSH begins here, which is not read, and whose silence is no answer. */
export function isSshIdentification(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 4 && bytes[start] === 0x53 && readU32Be(bytes, start) === SSH
}
