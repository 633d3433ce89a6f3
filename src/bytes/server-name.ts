import { matchesGlob } from './glob.js'

/**
 * Whether a server name fits a pattern with `*` and `?`, case aside. The dot at the end of a fully qualified name, which
 * is not sent (RFC 6066 §3), makes no other name of it.
 */
export function matchesServerName(pattern: string, name: string): boolean {
  return matchesGlob(withoutRoot(pattern), withoutRoot(name))
}

/** Whether two names are one, case and the dot at the end aside. */
export function isSameServerName(one: string, other: string): boolean {
  return serverNameKey(one) === serverNameKey(other)
}

/** What is the same of all names that are one: names of hosts are compared without case (RFC 4343). */
export function serverNameKey(name: string): string {
  return withoutRoot(name).toLowerCase()
}

function withoutRoot(name: string): string {
  return name.endsWith('.') && name.length > 1 ? name.slice(0, -1) : name
}
