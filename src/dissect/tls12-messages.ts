import type { KeyExchangeWord } from '../registry/cipher-suites.js'
import { unknownName } from '../registry/code-point.js'
import { primeName } from '../registry/dh-primes.js'
import { namedGroup } from '../registry/groups.js'
import { SSL_3, TLS_1_2 } from '../registry/versions.js'
import { readSignatureScheme } from './extensions.js'
import type { TreeReader } from './tree.js'

/** What a message of TLS 1.2 or older needs to know of the ServerHello before it. */
export interface Agreed {
  /** null where it is not known; the form of some messages depends on it. */
  readonly version: number | null
  /** null where the ServerHello is not in the capture, or the suite does not tell. */
  readonly exchange: KeyExchangeWord | null
}

/** Of what has one form in TLS 1.2 and another in older versions. */
const UNKNOWN_FORM = 'Data, whose form the version tells'

/** RFC 5246 §7.4.2. */
export function readCertificate(reader: TreeReader): void {
  reader.vector(3, 'tls.handshake.certificates_length', 'Certificates Length', () =>
    reader.each(() =>
      reader.vector(3, 'tls.handshake.certificate_length', 'Certificate Length', (length) =>
        reader.opaque(length, 'tls.handshake.certificate', 'Certificate', { meaning: 'X.509, not looked into' }),
      ),
    ),
  )
}

/** RFC 5246 §7.4.3; which parameters there are, only the cipher suite tells. */
export function readServerKeyExchange(reader: TreeReader, { version, exchange }: Agreed): void {
  switch (exchange) {
    case 'ECDHE_PSK': // RFC 5489 §2: a hint comes first, and no signature last
      readHint(reader)
      readEcdheParameters(reader)
      return
    case 'DHE_PSK': // RFC 4279 §3
      readHint(reader)
      readDheParameters(reader)
      return
    case 'PSK': // RFC 4279 §2, and §4, which sends nothing more: the RSA key is in the certificate
    case 'RSA_PSK':
      readHint(reader)
      return
    case 'RSA': // RSA_EXPORT alone, with a key that is shorter than the one of the certificate (RFC 4346 §7.4.3)
      readRsaParameters(reader)
      readSignature(reader, version)
      return
    case 'ECDHE':
      readEcdheParameters(reader)
      readSignature(reader, version)
      return
    case 'ECDH_anon':
      readEcdheParameters(reader)
      return
    case 'DHE':
      readDheParameters(reader)
      readSignature(reader, version)
      return
    case 'DH_anon':
      readDheParameters(reader)
      return
    default:
      reader.opaque(reader.remaining, null, 'Server Params')
  }
}

/** RFC 5246 §7.4.7. */
export function readClientKeyExchange(reader: TreeReader, { version, exchange }: Agreed): void {
  switch (exchange) {
    case 'RSA':
      readEncryptedSecret(reader, version)
      return
    case 'RSA_PSK': // RFC 4279 §4
      readIdentity(reader)
      readEncryptedSecret(reader, version)
      return
    case 'ECDHE':
    case 'ECDH_anon': // RFC 8422 §5.7
      reader.vector(1, 'tls.handshake.client_point_len', 'Pubkey Length', (length) =>
        reader.opaque(length, 'tls.handshake.client_point', 'Pubkey'),
      )
      return
    case 'DHE':
    case 'DH_anon':
      reader.vector(2, 'tls.handshake.yc_len', 'Pubkey Length', (length) =>
        reader.opaque(length, 'tls.handshake.yc', 'Pubkey'),
      )
      return
    case 'PSK': // RFC 4279 §2
      readIdentity(reader)
      return
    case 'ECDHE_PSK':
      readIdentity(reader)
      reader.vector(1, 'tls.handshake.client_point_len', 'Pubkey Length', (length) =>
        reader.opaque(length, 'tls.handshake.client_point', 'Pubkey'),
      )
      return
    case 'DHE_PSK':
      readIdentity(reader)
      reader.vector(2, 'tls.handshake.yc_len', 'Pubkey Length', (length) =>
        reader.opaque(length, 'tls.handshake.yc', 'Pubkey'),
      )
      return
    default:
      reader.opaque(reader.remaining, null, 'Client Params')
  }
}

/** RFC 5246 §7.4.4. */
export function readCertificateRequest(reader: TreeReader, { version }: Agreed): void {
  reader.vector(1, 'tls.handshake.cert_types_count', 'Certificate types count', () =>
    reader.parts('tls.handshake.cert_types', 'Certificate types', () =>
      reader.each(() => void reader.number(1, 'tls.handshake.cert_type', 'Certificate type', certificateTypeName)),
    ),
  )
  if (version === null) {
    reader.opaque(reader.remaining, null, UNKNOWN_FORM)
    return
  }
  if (version >= TLS_1_2)
    reader.vector(2, 'tls.handshake.sig_hash_alg_len', 'Signature Hash Algorithms Length', () =>
      reader.each(() => readSignatureScheme(reader)),
    )
  reader.vector(2, 'tls.handshake.dnames_len', 'Distinguished Names Length', () =>
    reader.each(() =>
      reader.vector(2, 'tls.handshake.dname_len', 'Distinguished Name Length', (length) =>
        reader.opaque(length, 'tls.handshake.dname', 'Distinguished Name'),
      ),
    ),
  )
}

/** RFC 5246 §7.4.8. */
export function readCertificateVerify(reader: TreeReader, { version }: Agreed): void {
  if (version === null) {
    reader.opaque(reader.remaining, null, UNKNOWN_FORM)
    return
  }
  if (version >= TLS_1_2) readSignatureScheme(reader)
  reader.vector(2, 'tls.handshake.client_cert_vrfy.sig_len', 'Signature length', (length) =>
    reader.opaque(length, 'tls.handshake.client_cert_vrfy.sig', 'Signature'),
  )
}

/** RFC 5077 §3.3. */
export function readNewSessionTicket(reader: TreeReader): void {
  reader.number(4, 'tls.handshake.session_ticket_lifetime_hint', 'Session Ticket Lifetime Hint')
  reader.vector(2, 'tls.handshake.session_ticket_length', 'Session Ticket Length', (length) =>
    reader.opaque(length, 'tls.handshake.session_ticket', 'Session Ticket'),
  )
}

/** RFC 6066 §8. */
export function readCertificateStatus(reader: TreeReader): void {
  const type = reader.number(1, 'tls.handshake.extensions_status_request_type', 'Certificate Status Type', (code) =>
    code === 1 ? 'OCSP' : unknownName(code, 2),
  )
  if (type === 1)
    reader.vector(3, 'tls.handshake.ocsp_response_len', 'OCSP Response Length', (length) =>
      reader.opaque(length, null, 'OCSP Response'),
    )
  else reader.opaque(reader.remaining, null, 'Response')
}

/** ECCurveType named_curve (RFC 8422 §5.4). */
const NAMED_CURVE = 3

function readEcdheParameters(reader: TreeReader): void {
  const isNamed = reader.peek() === NAMED_CURVE
  if (!isNamed) {
    reader.number(1, 'tls.handshake.server_curve_type', 'Curve Type', curveTypeName)
    // How long an explicit curve is, and so where the signature begins, is not read.
    reader.opaque(reader.remaining, null, 'Explicit curve')
    return
  }
  reader.parts(null, 'EC Diffie-Hellman Server Params', () => {
    reader.number(1, 'tls.handshake.server_curve_type', 'Curve Type', curveTypeName)
    const id = reader.groupCode('tls.handshake.server_named_curve', 'Named Curve', namedGroup)
    reader.vector(1, 'tls.handshake.server_point_len', 'Pubkey Length', (length) =>
      reader.opaque(length, 'tls.handshake.server_point', 'Pubkey', { group: namedGroup(id) }),
    )
  })
}

function readDheParameters(reader: TreeReader): void {
  reader.parts(null, 'Diffie-Hellman Server Params', () => {
    reader.vector(2, 'tls.handshake.p_len', 'p Length', (length) => {
      const isThere = length <= reader.remaining
      const name = isThere ? primeName(reader.bytes, reader.at, reader.at + length)?.name : undefined
      reader.opaque(length, 'tls.handshake.p', 'p', { meaning: name ?? null })
    })
    reader.vector(2, 'tls.handshake.g_len', 'g Length', (length) => reader.opaque(length, 'tls.handshake.g', 'g'))
    reader.vector(2, 'tls.handshake.ys_len', 'Pubkey Length', (length) =>
      reader.opaque(length, 'tls.handshake.ys', 'Pubkey'),
    )
  })
}

function readRsaParameters(reader: TreeReader): void {
  reader.parts(null, 'RSA-EXPORT Server Params', () => {
    reader.vector(2, 'tls.handshake.modulus_len', 'Modulus Length', (length) =>
      reader.opaque(length, 'tls.handshake.modulus', 'Modulus'),
    )
    reader.vector(2, 'tls.handshake.exponent_len', 'Exponent Length', (length) =>
      reader.opaque(length, 'tls.handshake.exponent', 'Exponent'),
    )
  })
}

/** SSL 3.0 has no length in front of it. */
function readEncryptedSecret(reader: TreeReader, version: number | null): void {
  if (version === SSL_3) reader.opaque(reader.remaining, 'tls.handshake.epms', 'Encrypted PreMaster')
  else
    reader.vector(2, 'tls.handshake.epms_len', 'Encrypted PreMaster length', (length) =>
      reader.opaque(length, 'tls.handshake.epms', 'Encrypted PreMaster'),
    )
}

function readSignature(reader: TreeReader, version: number | null): void {
  if (version !== null && version >= TLS_1_2) readSignatureScheme(reader)
  reader.vector(2, 'tls.handshake.sig_len', 'Signature Length', (length) =>
    reader.opaque(length, 'tls.handshake.sig', 'Signature'),
  )
}

function readHint(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.hint_len', 'Hint Length', (length) =>
    reader.opaque(length, 'tls.handshake.hint', 'Hint'),
  )
}

function readIdentity(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.identity_len', 'Identity Length', (length) =>
    reader.opaque(length, 'tls.handshake.identity', 'Identity'),
  )
}

function curveTypeName(type: number): string {
  if (type === NAMED_CURVE) return 'named_curve'
  return type === 1 ? 'explicit_prime' : type === 2 ? 'explicit_char2' : unknownName(type, 2)
}

/** ClientCertificateType (RFC 5246 §7.4.4, RFC 8422 §5.5). */
function certificateTypeName(type: number): string {
  const names: Readonly<Record<number, string>> = {
    1: 'rsa_sign',
    2: 'dss_sign',
    3: 'rsa_fixed_dh',
    4: 'dss_fixed_dh',
    64: 'ecdsa_sign',
    65: 'rsa_fixed_ecdh',
    66: 'ecdsa_fixed_ecdh',
  }
  return names[type] ?? unknownName(type, 2)
}
