/** `1,234,567`, whatever the locale. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 packet`, `1,234 packets`. */
export function plural(count: number, thing: string): string {
  return `${counted(count)} ${thing}${count === 1 ? '' : 's'}`
}
