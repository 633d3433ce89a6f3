import { alertDescription, alertLevel } from '../registry/alerts.js'
import { contentTypeWords, handshakeTypeWords } from '../registry/message-types.js'
import { versionName } from '../registry/versions.js'
import { HANDSHAKE_HEADER_LENGTH } from '../tls/content-types.js'
import { readClientHello, readOldRetryRequest, readServerHello } from './hello.js'
import {
  type Agreed,
  readCertificate,
  readCertificateRequest,
  readCertificateStatus,
  readCertificateVerify,
  readClientKeyExchange,
  readNewSessionTicket,
  readServerKeyExchange,
} from './tls12-messages.js'
import { type FieldNode, type TreeProblem, TreeReader } from './tree.js'

/** The fields of something, and what is wrong with them. */
export interface Fields {
  readonly fields: readonly FieldNode[]
  readonly problem: TreeProblem | null
}

/** Content type, legacy_record_version and length: the first 5 bytes of a record (RFC 9846 §5.1); nothing for none. */
export function recordFields(bytes: Uint8Array): Fields {
  const reader = new TreeReader(bytes)
  reader.number(1, 'tls.record.content_type', 'Content Type', contentTypeWords)
  reader.number(2, 'tls.record.version', 'Version', versionName)
  reader.number(2, 'tls.record.length', 'Length')
  return result(reader)
}

/** A handshake message from its header on; of one that is cut, what is there. */
export function handshakeFields(bytes: Uint8Array, isRetry: boolean, agreed: Agreed): Fields {
  const reader = new TreeReader(bytes)
  const type = reader.number(1, 'tls.handshake.type', 'Handshake Type', handshakeTypeWords)
  const length = reader.number(3, 'tls.handshake.length', 'Length')
  const body = bytes.length < HANDSHAKE_HEADER_LENGTH ? 0 : length
  reader.within(Math.max(body, reader.remaining), () => readBody(reader, type, isRetry, agreed))
  if (body > bytes.length - HANDSHAKE_HEADER_LENGTH) reader.problem ??= 'length-overrun'
  return result(reader)
}

/** RFC 9846 §6. */
export function alertFields(bytes: Uint8Array): Fields {
  const reader = new TreeReader(bytes)
  reader.number(1, 'tls.alert_message.level', 'Level', alertLevel)
  reader.number(1, 'tls.alert_message.desc', 'Description', alertDescription)
  return result(reader)
}

export function changeCipherSpecFields(bytes: Uint8Array): Fields {
  const reader = new TreeReader(bytes)
  reader.opaque(reader.remaining, 'tls.change_cipher_spec', 'Change Cipher Spec Message')
  return result(reader)
}

function readBody(reader: TreeReader, type: number, isRetry: boolean, agreed: Agreed): void {
  switch (type) {
    case 1:
      readClientHello(reader)
      break
    case 2:
      readServerHello(reader, isRetry)
      break
    case 4:
      readNewSessionTicket(reader)
      break
    case 6:
      readOldRetryRequest(reader)
      break
    case 11:
      readCertificate(reader)
      break
    case 12:
      readServerKeyExchange(reader, agreed)
      break
    case 13:
      readCertificateRequest(reader, agreed)
      break
    case 15:
      readCertificateVerify(reader, agreed)
      break
    case 16:
      readClientKeyExchange(reader, agreed)
      break
    case 22:
      readCertificateStatus(reader)
      break
    default:
      reader.opaque(reader.remaining, null, 'Data')
  }
}

function result(reader: TreeReader): Fields {
  return { fields: reader.nodes, problem: reader.problem }
}
