import { bytesText } from '../bytes/text.js'
import { nameLookup, nameWithoutRow, unknownName } from '../registry/code-point.js'
import { extensionName } from '../registry/extensions.js'
import { namedGroup } from '../registry/groups.js'
import { pskModeName } from '../registry/psk-modes.js'
import { signatureSchemeName } from '../registry/signature-schemes.js'
import { versionName } from '../registry/versions.js'
import { readKeyShareEntry } from './key-share.js'
import type { TreeReader } from './tree.js'

/** The message that an extension is in, where that changes its form. */
export type ExtensionContext =
  | 'ClientHello'
  | 'ServerHello'
  | 'HelloRetryRequest'
  | 'CertificateRequest'
  | 'NewSessionTicket'
  | 'Certificate'

type ExtensionReader = (reader: TreeReader, context: ExtensionContext) => void

/** `Extension extensions<0..2^16-1>` (RFC 9846 §4.3), each by name; those without a reader as bytes. */
export function readExtensions(reader: TreeReader, context: ExtensionContext): void {
  reader.vector(2, 'tls.handshake.extensions_length', 'Extensions Length', () =>
    reader.each(() =>
      reader.parts(null, 'Extension', (node) => {
        const type = reader.number(2, 'tls.handshake.extension.type', 'Type', extensionName)
        node.meaning = extensionName(type)
        reader.vector(2, 'tls.handshake.extension.len', 'Length', (length) => {
          node.meaning = `${extensionName(type)} (len=${length})`
          if (length === 0) return
          const read = EXTENSION_READERS.get(type)
          if (read !== undefined) read(reader, context)
          // What Wireshark calls the data of an extension that it knows better than this is another field.
          else reader.opaque(reader.remaining, isNamed(type) ? null : DATA, 'Data')
        })
      }),
    ),
  )
}

const DATA = 'tls.handshake.extension.data'

function readData(reader: TreeReader, meaning: string | null = null): void {
  reader.opaque(reader.remaining, DATA, 'Data', { meaning })
}

function isNamed(type: number): boolean {
  return extensionName(type) !== nameWithoutRow(type)
}

/** By ExtensionType. */
const EXTENSION_READERS: ReadonlyMap<number, ExtensionReader> = new Map<number, ExtensionReader>([
  [0, readServerName],
  [1, readMaxFragmentLength],
  [5, readStatusRequest],
  [10, readSupportedGroups],
  [11, readPointFormats],
  [13, readSignatureAlgorithms],
  [15, readHeartbeat],
  [16, readProtocolNames],
  [17, readStatusRequests],
  [21, (reader) => reader.opaque(reader.remaining, 'tls.handshake.extensions_padding_data', 'Padding Data')],
  [27, readCompressCertificate],
  [28, (reader) => void reader.number(2, 'tls.record_size_limit', 'Record Size Limit')],
  [34, readSignatureAlgorithms],
  [35, (reader) => readData(reader, 'a session ticket')],
  [40, readKeyShare],
  [41, readPreSharedKey],
  [43, readSupportedVersions],
  [44, readCookie],
  [45, readPskModes],
  [50, readSignatureAlgorithms],
  [51, readKeyShare],
  [0x4469, readApplicationSettings],
  [0x44cd, readApplicationSettings],
  [0xfe0d, readEncryptedClientHello],
  [0xff01, readRenegotiationInfo],
])

// RFC 6066 §3. A server's is empty.
function readServerName(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions_server_name_list_len', 'Server Name list length', () =>
    reader.each(() => {
      reader.number(1, 'tls.handshake.extensions_server_name_type', 'Server Name Type', (type) =>
        type === 0 ? 'host_name' : unknownName(type, 2),
      )
      const length = reader.number(2, 'tls.handshake.extensions_server_name_len', 'Server Name length')
      reader.text(length, 'tls.handshake.extensions_server_name', 'Server Name')
    }),
  )
}

// RFC 6066 §4
function readMaxFragmentLength(reader: TreeReader): void {
  reader.number(1, 'tls.handshake.max_fragment_length', 'Maximum Fragment Length', (code) =>
    code >= 1 && code <= 4 ? `${2 ** (8 + code)} bytes` : unknownName(code, 2),
  )
}

// RFC 6066 §8. A server's is empty.
function readStatusRequest(reader: TreeReader): void {
  const type = reader.number(1, 'tls.handshake.extensions_status_request_type', 'Certificate Status Type', (code) =>
    code === 1 ? 'OCSP' : unknownName(code, 2),
  )
  if (type !== 1) {
    readData(reader)
    return
  }
  readResponders(reader)
}

function readResponders(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions_status_request_responder_ids_len', 'Responder ID list Length', (length) =>
    reader.opaque(length, null, 'Responder ID list'),
  )
  reader.vector(2, 'tls.handshake.extensions_status_request_exts_len', 'Request Extensions Length', (length) =>
    reader.opaque(length, null, 'Request Extensions'),
  )
}

// RFC 6961 §2.2
function readStatusRequests(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions_status_request_list_len', 'Certificate Status List Length', () =>
    reader.each(() => {
      const field = 'tls.handshake.extensions_status_request_type'
      const type = reader.number(1, field, 'Certificate Status Type', (code) =>
        code === 1 ? 'OCSP' : code === 2 ? 'OCSP Multi' : unknownName(code, 2),
      )
      reader.vector(2, 'tls.handshake.extensions_status_request_len', 'Certificate Status Length', () => {
        if (type === 1 || type === 2) readResponders(reader)
        else readData(reader)
      })
    }),
  )
}

// RFC 9846 §4.3.7
function readSupportedGroups(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions_supported_groups_length', 'Supported Groups List Length', () =>
    reader.each(() => void reader.groupCode('tls.handshake.extensions_supported_group', 'Supported Group', namedGroup)),
  )
}

const pointFormatName = nameLookup(
  [
    [0, 'uncompressed'],
    [1, 'ansiX962_compressed_prime'],
    [2, 'ansiX962_compressed_char2'],
  ],
  (id) => unknownName(id, 2),
)

// RFC 8422 §5.1.2
function readPointFormats(reader: TreeReader): void {
  reader.vector(1, 'tls.handshake.extensions_ec_point_formats_length', 'EC point formats Length', () =>
    reader.each(
      () => void reader.number(1, 'tls.handshake.extensions_ec_point_format', 'EC point format', pointFormatName),
    ),
  )
}

// RFC 9846 §4.3.3; signature_algorithms_cert and the list of delegated_credential (RFC 9345 §4.1.1) have the same form.
function readSignatureAlgorithms(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.sig_hash_alg_len', 'Signature Hash Algorithms Length', () =>
    reader.each(() => readSignatureScheme(reader)),
  )
}

export function readSignatureScheme(reader: TreeReader): void {
  reader.number(2, 'tls.handshake.sig_hash_alg', 'Signature Algorithm', signatureSchemeName)
}

// RFC 6520 §2
function readHeartbeat(reader: TreeReader): void {
  reader.number(1, 'tls.handshake.extension.heartbeat.mode', 'Mode', (mode) =>
    mode === 1 ? 'peer_allowed_to_send' : mode === 2 ? 'peer_not_allowed_to_send' : unknownName(mode, 2),
  )
}

// RFC 7301 §3.1
function readProtocolNames(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions_alpn_len', 'ALPN Extension Length', () =>
    reader.each(() => {
      const length = reader.number(1, 'tls.handshake.extensions_alpn_str_len', 'ALPN string length')
      reader.text(length, 'tls.handshake.extensions_alpn_str', 'ALPN Next Protocol')
    }),
  )
}

// ALPS, draft-vvv-tls-alps: the client's form is that of ALPN.
function readApplicationSettings(reader: TreeReader, context: ExtensionContext): void {
  if (context !== 'ClientHello') {
    reader.opaque(reader.remaining, 'tls.handshake.extensions_alps.settings', 'ALPN Opaque Settings')
    return
  }
  reader.vector(2, 'tls.handshake.extensions_alps_len', 'ALPS Extension Length', () =>
    reader.each(() => {
      const length = reader.number(1, 'tls.handshake.extensions_alps_alpn_str_len', 'Supported ALPN Length')
      reader.text(length, 'tls.handshake.extensions_alps_alpn_str', 'Supported ALPN')
    }),
  )
}

const compressionName = nameLookup(
  [
    [1, 'zlib'],
    [2, 'brotli'],
    [3, 'zstd'],
  ],
  nameWithoutRow,
)

// RFC 8879 §3
function readCompressCertificate(reader: TreeReader): void {
  reader.vector(1, 'tls.compress_certificate.algorithms_length', 'Algorithms Length', () =>
    reader.each(() => void reader.number(2, 'tls.compress_certificate.algorithm', 'Algorithm', compressionName)),
  )
}

// RFC 9846 §4.3.8; drafts of TLS 1.3 before 23 had the number 40.
function readKeyShare(reader: TreeReader, context: ExtensionContext): void {
  if (context === 'HelloRetryRequest') {
    reader.groupCode('tls.handshake.extensions_key_share_selected_group', 'Selected Group', namedGroup)
  } else if (context === 'ServerHello') readKeyShareEntry(reader, 'server')
  else
    reader.vector(2, 'tls.handshake.extensions_key_share_client_length', 'Client Key Share Length', () =>
      reader.each(() => readKeyShareEntry(reader, 'client')),
    )
}

// RFC 9846 §4.3.11
function readPreSharedKey(reader: TreeReader, context: ExtensionContext): void {
  if (context !== 'ClientHello') {
    reader.number(2, 'tls.handshake.extensions.psk.identity.selected', 'Selected Identity')
    return
  }
  reader.vector(2, 'tls.handshake.extensions.psk.identities.length', 'Identities Length', () =>
    reader.each(() =>
      reader.parts(null, 'PSK Identity', (node) => {
        const length = reader.number(2, 'tls.handshake.extensions.psk.identity.identity_length', 'Identity Length')
        node.meaning = bytesText(length)
        reader.opaque(length, 'tls.handshake.extensions.psk.identity.identity', 'Identity')
        reader.number(4, 'tls.handshake.extensions.psk.identity.obfuscated_ticket_age', 'Obfuscated Ticket Age')
      }),
    ),
  )
  reader.vector(2, 'tls.handshake.extensions.psk.binders_len', 'PSK Binders length', () =>
    reader.each(() => reader.vector(1, null, 'Binder Length', (length) => reader.opaque(length, null, 'Binder'))),
  )
}

// RFC 9846 §4.3.1: a list from the client, the one selected from the server.
function readSupportedVersions(reader: TreeReader, context: ExtensionContext): void {
  const read = (): number =>
    reader.number(2, 'tls.handshake.extensions.supported_version', 'Supported Version', versionName)
  if (context !== 'ClientHello') read()
  else
    reader.vector(1, 'tls.handshake.extensions.supported_versions_len', 'Supported Versions length', () =>
      reader.each(read),
    )
}

// RFC 9846 §4.3.2
function readCookie(reader: TreeReader): void {
  reader.vector(2, 'tls.handshake.extensions.cookie_len', 'Cookie length', (length) =>
    reader.opaque(length, 'tls.handshake.extensions.cookie', 'Cookie'),
  )
}

// RFC 9846 §4.3.9
function readPskModes(reader: TreeReader): void {
  reader.vector(1, 'tls.extension.psk_ke_modes_length', 'PSK Key Exchange Modes Length', () =>
    reader.each(() => void reader.number(1, 'tls.extension.psk_ke_mode', 'PSK Key Exchange Mode', pskModeName)),
  )
}

/** RFC 9180 §7.2 and §7.3. */
const kdfName = nameLookup(
  [
    [1, 'HKDF-SHA256'],
    [2, 'HKDF-SHA384'],
    [3, 'HKDF-SHA512'],
  ],
  nameWithoutRow,
)
const aeadName = nameLookup(
  [
    [1, 'AES-128-GCM'],
    [2, 'AES-256-GCM'],
    [3, 'ChaCha20Poly1305'],
  ],
  nameWithoutRow,
)

// RFC 9849 §5: what of it is real, and what GREASE, cannot be seen. A HelloRetryRequest has a confirmation of 8 bytes.
function readEncryptedClientHello(reader: TreeReader, context: ExtensionContext): void {
  if (context === 'HelloRetryRequest') {
    reader.opaque(reader.remaining, null, 'Confirmation')
    return
  }
  if (context !== 'ClientHello') {
    readData(reader)
    return
  }
  const type = reader.number(1, 'tls.ech.client_hello_type', 'Client Hello type', (code) =>
    code === 0 ? 'Outer Client Hello' : code === 1 ? 'Inner Client Hello' : unknownName(code, 2),
  )
  if (type !== 0) {
    readData(reader)
    return
  }
  reader.parts('tls.ech.cipher_suite', 'Cipher Suite', () => {
    reader.number(2, null, 'KDF Id', kdfName)
    reader.number(2, null, 'AEAD Id', aeadName)
  })
  reader.number(1, null, 'Config Id')
  reader.vector(2, null, 'Enc length', (length) => reader.opaque(length, null, 'Enc'))
  reader.vector(2, null, 'Payload length', (length) =>
    reader.opaque(length, null, 'Payload', { meaning: 'encrypted, or GREASE' }),
  )
}

// RFC 5746 §3.2
function readRenegotiationInfo(reader: TreeReader): void {
  reader.vector(1, 'tls.handshake.extensions_reneg_info_len', 'Renegotiation info extension length', (length) =>
    reader.opaque(length, 'tls.handshake.extensions_reneg_info', 'Renegotiation info'),
  )
}
