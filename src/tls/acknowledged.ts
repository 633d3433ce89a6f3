/**
 * Whether a segment was sent after all up to a sequence number had been received: what answers a message acknowledges it
 * (RFC 9293 §3.4). True where a number is not known.
 */
export function acknowledges(acknowledgment: number | null, sequence: number | null): boolean {
  return acknowledgment === null || sequence === null || ((acknowledgment - sequence) | 0) >= 0
}
