import { alertDescription, alertLevel } from '../registry/alerts.js'
import { contentTypeWords, handshakeTypeWords } from '../registry/message-types.js'
import { isTls13, versionName } from '../registry/versions.js'
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  HANDSHAKE_HEADER_LENGTH,
  HELLO_RETRY_REQUEST,
  SERVER_HELLO,
  SERVER_KEY_EXCHANGE,
} from '../tls/content-types.js'
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

/** Handshake types that only this reader knows (RFC 5077 §3.3, RFC 5246 §7.4, RFC 6066 §8). */
const NEW_SESSION_TICKET = 4
const CERTIFICATE_VERIFY = 15
const CERTIFICATE_STATUS = 22

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
  // TLS 1.3 encrypts what follows a ServerHello, and what stands there all the same has other forms than in TLS 1.2.
  const isHello = type === CLIENT_HELLO || type === SERVER_HELLO || type === HELLO_RETRY_REQUEST
  if (!isHello && agreed.version !== null && isTls13(agreed.version)) {
    reader.opaque(reader.remaining, null, 'Data')
    return
  }
  switch (type) {
    case CLIENT_HELLO:
      readClientHello(reader)
      break
    case SERVER_HELLO:
      readServerHello(reader, isRetry)
      break
    case NEW_SESSION_TICKET:
      readNewSessionTicket(reader)
      break
    case HELLO_RETRY_REQUEST:
      readOldRetryRequest(reader)
      break
    case CERTIFICATE:
      readCertificate(reader)
      break
    case SERVER_KEY_EXCHANGE:
      readServerKeyExchange(reader, agreed)
      break
    case CERTIFICATE_REQUEST:
      readCertificateRequest(reader, agreed)
      break
    case CERTIFICATE_VERIFY:
      readCertificateVerify(reader, agreed)
      break
    case CLIENT_KEY_EXCHANGE:
      readClientKeyExchange(reader, agreed)
      break
    case CERTIFICATE_STATUS:
      readCertificateStatus(reader)
      break
    default:
      reader.opaque(reader.remaining, null, 'Data')
  }
}

function result(reader: TreeReader): Fields {
  return { fields: reader.nodes, problem: reader.problem }
}
