/**
 * Whether a segment was sent after all up to a sequence number had been received (RFC 9293 §3.4). What answers a message
 * acknowledges it, and no less than all before it where a network card joined segments and kept the first of their numbers.
 * True where a number is not known.
 */
export function acknowledges(acknowledgment: number | null, sequence: number | null): boolean {
  return acknowledgment === null || sequence === null || ((acknowledgment - sequence) | 0) >= 0
}
