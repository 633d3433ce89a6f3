import { VERSION_NAMES } from '../registry/versions.js'

const DRAFT = /^tlsv1\.3-draft(\d{1,3})$/i

/** `TLSv1.3`, also as `tls1.3` or `1.3`; drafts as `TLSv1.3-draft23`. null where it is none. */
export function readVersion(text: string): string | null {
  const bare = text.toLowerCase().replace(/^(?:tls ?)?v?(?=1)/, '')
  const name = bare.startsWith('1') ? `tlsv${bare.replace(/^1\.0$/, '1')}` : bare
  if (DRAFT.test(name)) return name.replace(DRAFT, 'TLSv1.3-draft$1')
  return VERSION_NAMES.find((version) => version.toLowerCase() === name) ?? null
}

/** A number that grows from version to version, a draft of TLS 1.3 being older than itself; null for an unknown one. */
export function versionAge(name: string): number | null {
  const at = VERSION_NAMES.indexOf(name)
  if (at >= 0) return at
  return DRAFT.test(name) ? VERSION_NAMES.indexOf('TLSv1.3') - 0.5 : null
}
