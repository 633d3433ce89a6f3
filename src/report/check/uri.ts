/**
 * A file's path as a URI reference (RFC 3986): relative ones stay so, absolute ones become `file:` URIs. Every character
 * but letters, digits and `-._~!*'()` is percent-encoded, in UTF-8.
 */
export function pathUri(path: string): string {
  const plain = path.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '')
  const drive = /^([A-Za-z]:)(\/.*)$/.exec(plain)
  if (drive !== null) return `file:///${drive[1]}${encoded(drive[2] as string)}`
  if (plain.startsWith('/')) return `file:///${encoded(plain.replace(/^\/+/, ''))}`
  // An empty reference would be the report itself.
  return plain === '' ? '.' : encoded(plain)
}

function encoded(path: string): string {
  // A surrogate alone has no UTF-8.
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
}
