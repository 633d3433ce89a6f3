/** `1,234,567`, whatever the locale. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 packet`, `1,234 packets`. */
export function plural(count: number, thing: string): string {
  return `${counted(count)} ${thing}${count === 1 ? '' : 's'}`
}

/** `1 byte`, `1,234 bytes`. */
export function byteCount(count: number): string {
  return `${counted(count)} byte${count === 1 ? '' : 's'}`
}
