import { readFileSync } from 'node:fs'

/** The version in package.json, which is read only when it is asked for. */
export function version(): string {
  const description: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (description as { readonly version: string }).version
}
