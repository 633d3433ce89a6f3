// Reads the TLS handshakes of a capture with tshark, as facts that can be compared with the records of pqcap.
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What tshark is told: whole streams whatever their order and port, one pass, and no secrets but those in the capture. */
const OPTIONS = [
  ['tcp.desegment_tcp_streams', true],
  ['tcp.reassemble_out_of_order', true],
  ['tcp.try_heuristic_first', true],
  ['tcp.check_checksum', false],
  ['ip.defragment', true],
  ['ipv6.defragment', true],
  ['tls.desegment_ssl_records', true],
  ['tls.desegment_ssl_application_data', true],
].flatMap(([name, value]) => ['-o', `${name}:${value ? 'TRUE' : 'FALSE'}`])
const LAYERS = 'frame ip ipv6 icmp icmpv6 tcp udp tls'

const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23]
const [CLIENT_HELLO, SERVER_HELLO, HELLO_RETRY_REQUEST, SERVER_KEY_EXCHANGE] = [1, 2, 6, 12]
/** SSLv2 has numbers of its own. */
const SSLV2_SERVER_HELLO = 4
const [SERVER_NAME, SUPPORTED_GROUPS, ALPN, PRE_SHARED_KEY, SUPPORTED_VERSIONS, KEY_SHARE] = [0, 10, 16, 41, 43, 51]
/** key_share in drafts of TLS 1.3 before 23. */
const DRAFT_KEY_SHARE = 40
const TLS13 = 0x0304
/** RFC 9846 §4.2.3: the random of a ServerHello that is a HelloRetryRequest. */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'

/** The first line of `tshark --version`, or null where there is none. */
export function tsharkVersion() {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0] : null
}

/** The handshakes of a capture in the order in which they begin. Throws where tshark cannot read it. */
export async function readWithTshark(capture) {
  const argv = ['-r', capture, '-n', ...OPTIONS, '-Y', 'tls', '-T', 'json', '-J', LAYERS]
  const tshark = spawn('tshark', argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  let messages = ''
  tshark.stderr.setEncoding('utf8').on('data', (text) => {
    messages += text
  })
  const ended = new Promise((resolve) => tshark.on('close', resolve))
  const handshakes = []
  const streams = new Map()
  for await (const packet of packetsOf(createInterface({ input: tshark.stdout }))) follow(packet, streams, handshakes)
  const status = await ended
  if (status !== 0 && handshakes.length === 0) throw new Error(messages.trim().split('\n').at(-1))
  return handshakes
}

/**
 * Packets as trees of `[name, text or tree]`: tshark writes one field a line, and fields of one name more than once,
 * which a JSON parser would lose.
 */
async function* packetsOf(lines) {
  let open = []
  for await (const line of lines) {
    const [, name, value] = /^ *"((?:[^"\\]|\\.)*)": (.*?),?$/.exec(line) ?? []
    if (line === '  {') open = [[]]
    else if (/^ *[}\]],?$/.test(line)) {
      const closed = open.pop()
      if (open.length === 0 && closed !== undefined) yield closed
    } else if (name === undefined || open.length === 0) continue
    else if (value === '{') {
      const tree = []
      open.at(-1).push([JSON.parse(`"${name}"`), tree])
      open.push(tree)
    } else open.at(-1).push([JSON.parse(`"${name}"`), value.startsWith('"') ? JSON.parse(value) : value])
  }
}

function follow(packet, streams, handshakes) {
  const layers = child(child(packet, '_source'), 'layers')
  const frame = Number(first(child(layers, 'frame'), 'frame.number'))
  let addresses = null
  let tcp = null
  for (const [name, layer] of layers) {
    if (name === 'icmp' || name === 'icmpv6') return
    if (!Array.isArray(layer)) continue
    if (name === 'ip' || name === 'ipv6') addresses = [first(layer, `${name}.src`), first(layer, `${name}.dst`)]
    else if (name === 'tcp') tcp = layer
    else if (name === 'udp') tcp = null
    else if (name === 'tls' && tcp !== null && addresses !== null) {
      const number = Number(first(tcp, 'tcp.stream'))
      let stream = streams.get(number)
      if (stream === undefined) {
        stream = new Stream(number, handshakes)
        streams.set(number, stream)
      }
      const from = `${addresses[0]}:${first(tcp, 'tcp.srcport')}`
      const to = `${addresses[1]}:${first(tcp, 'tcp.dstport')}`
      for (const record of children(layer, 'tls.record')) stream.record(record, frame, from, to)
    }
  }
}

/** The handshakes of one TCP stream. */
class Stream {
  constructor(number, handshakes) {
    this.number = number
    this.handshakes = handshakes
    this.current = null
    /** Who sends the record after the ServerHello that says where encryption begins. */
    this.awaited = null
    this.earlyAlerts = []
    /** Senders whose later records are encrypted, though tshark may have the keys. */
    this.encrypted = new Set()
  }

  record(record, frame, from, to) {
    const isSslv2 = first(record, 'tls.record.version') === '0x0002'
    const isDecrypted = first(record, 'tls.record.opaque_type') !== undefined || this.encrypted.has(from)
    const type = Number(first(record, 'tls.record.opaque_type') ?? first(record, 'tls.record.content_type'))
    if (this.awaited === from && !Number.isNaN(type) && type !== CHANGE_CIPHER_SPEC) this.encryptionBegins(type)
    if (type === CHANGE_CIPHER_SPEC && this.current?.serverHello && this.current.serverHello.version !== TLS13)
      this.encrypted.add(from)
    if (isDecrypted) return

    const messages = children(record, 'tls.handshake')
    if (messages.length === 0 && isSslv2) messages.push(record)
    for (const message of messages) {
      const messageType = Number(first(message, 'tls.handshake.type'))
      if (isSslv2 && messageType === SSLV2_SERVER_HELLO) this.sslv2ServerHello(frame)
      else if (messageType === CLIENT_HELLO) this.clientHello(message, frame, from, to)
      else if (isSslv2) continue
      else if (messageType === SERVER_HELLO || messageType === HELLO_RETRY_REQUEST)
        this.serverHello(message, messageType, frame, from, to)
      else this.laterMessage(message, messageType, frame, from)
    }
    if (type === ALERT) this.alerts(record, frame, from)
  }

  clientHello(message, frame, from, to) {
    const hello = readClientHello(message)
    const { current } = this
    const isSecond = current?.retry && !current.serverHello && !current.secondHello && current.client === from
    if (isSecond) {
      current.secondHello = hello
      current.frames.secondClientHello = frame
      return
    }
    this.begin(from, to)
    this.current.clientHello = hello
    this.current.frames.clientHello = frame
  }

  serverHello(message, type, frame, from, to) {
    if (this.current === null || this.current.serverHello || this.current.client === from) this.begin(to, from)
    const { current } = this
    const random = first(message, 'tls.handshake.random')?.replaceAll(':', '')
    const shares = keyShares(message)
    if (type === HELLO_RETRY_REQUEST || random === RETRY_RANDOM) {
      const group = first(message, 'tls.handshake.extensions_key_share_selected_group')
      current.retry = { group: group === undefined ? (shares[0]?.group ?? null) : Number(group) }
      current.frames.helloRetryRequest = frame
      return
    }
    const version = first(extension(message, SUPPORTED_VERSIONS), 'tls.handshake.extensions.supported_version')
    current.serverHello = {
      version: Number(version ?? first(message, 'tls.handshake.version')),
      cipherSuite: Number(first(message, 'tls.handshake.ciphersuite')),
      keyShare: shares[0] ?? null,
      preSharedKey: extensionTypes(message).includes(PRE_SHARED_KEY),
    }
    current.frames.serverHello = frame
    this.awaited = from
  }

  sslv2ServerHello(frame) {
    if (this.current === null || this.current.serverHello) return
    this.current.serverHello = { version: 2, cipherSuite: null, keyShare: null, preSharedKey: false }
    this.current.frames.serverHello = frame
  }

  laterMessage(message, type, frame, from) {
    const { current } = this
    // A message behind the ServerHello in one record.
    if (this.awaited === from && current.frames.serverHello === frame) this.encryptionBegins(HANDSHAKE)
    if (type !== SERVER_KEY_EXCHANGE || current === null) return
    const curve = first(message, 'tls.handshake.server_named_curve')
    current.curve ??= curve === undefined ? null : Number(curve)
  }

  alerts(record, frame, from) {
    const levels = all(record, 'tls.alert_message.level')
    const descriptions = all(record, 'tls.alert_message.desc')
    const target = this.current?.alerts ?? this.earlyAlerts
    for (const [index, level] of levels.entries())
      target.push({ frame, from, level: Number(level), description: Number(descriptions[index]) })
  }

  encryptionBegins(type) {
    this.current.encryption = type === APPLICATION_DATA ? 'after-server-hello' : 'plaintext'
    this.awaited = null
  }

  begin(client, server) {
    const frames = { clientHello: null, helloRetryRequest: null, secondClientHello: null, serverHello: null }
    this.current = {
      ...{ client, server, stream: this.number, frames, clientHello: null, retry: null, secondHello: null },
      ...{ serverHello: null, curve: null, alerts: this.earlyAlerts, encryption: 'not-seen' },
    }
    this.earlyAlerts = []
    this.awaited = null
    this.handshakes.push(this.current)
  }
}

function readClientHello(message) {
  return {
    legacyVersion: Number(first(message, 'tls.handshake.version')),
    serverName: first(extension(message, SERVER_NAME), 'tls.handshake.extensions_server_name') ?? null,
    groups: all(extension(message, SUPPORTED_GROUPS), 'tls.handshake.extensions_supported_group').map(Number),
    keyShares: keyShares(message),
    cipherSuites: all(message, 'tls.handshake.ciphersuite').length + all(message, 'tls.handshake.cipherspec').length,
    alpn: all(extension(message, ALPN), 'tls.handshake.extensions_alpn_str'),
    extensions: extensionTypes(message),
  }
}

function keyShares(message) {
  const shares = []
  for (const [name, value] of walk([...extension(message, KEY_SHARE), ...extension(message, DRAFT_KEY_SHARE)])) {
    if (name === 'tls.handshake.extensions_key_share_group') shares.push({ group: Number(value), bytes: null })
    const length = name === 'tls.handshake.extensions_key_share_key_exchange_length'
    if (length && shares.length > 0) shares.at(-1).bytes = Number(value)
  }
  return shares
}

/** The extensions of a hello in wire order. An encrypted ClientHello has others inside, which are not its own. */
function extensions(message) {
  return message.flatMap(([name, tree]) => {
    if (!Array.isArray(tree)) return []
    const type = tree.find(([field]) => field === 'tls.handshake.extension.type')?.[1]
    return name.startsWith('Extension') && type !== undefined ? [{ type: Number(type), tree }] : extensions(tree)
  })
}

function extensionTypes(message) {
  return extensions(message).map(({ type }) => type)
}

function extension(message, wanted) {
  return extensions(message).flatMap(({ type, tree }) => (type === wanted ? tree : []))
}

function* walk(tree) {
  for (const [name, value] of tree) {
    if (Array.isArray(value)) yield* walk(value)
    else yield [name, value]
  }
}

function all(tree, wanted) {
  return [...walk(tree)].flatMap(([name, value]) => (name === wanted ? [value] : []))
}

function first(tree, wanted) {
  for (const [name, value] of walk(tree)) if (name === wanted) return value
  return undefined
}

function children(tree, wanted) {
  return tree.flatMap(([name, value]) => (name === wanted && Array.isArray(value) ? [value] : []))
}

function child(tree, wanted) {
  return children(tree, wanted)[0] ?? []
}
