#!/usr/bin/env node
// Compares pqcap with Wireshark: reads captures with both and prints each difference by field.
//
//   npm run build && npm run oracle -- CAPTURE...
//
// Exit status: 0 all agree; 1 something differs; 2 tshark is not installed, or a capture cannot be read.
import { analyze } from '../dist/index.js'
import { readWithTshark, tsharkVersion } from './oracle.tshark.mjs'

const VERSIONS = {
  SSLv2: 0x0002,
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
}
const LEVELS = { warning: 1, fatal: 2 }

const captures = process.argv.slice(2)
const version = tsharkVersion()
if (captures.length === 0 || version === null) {
  const problem =
    version === null ? 'tshark is not installed, so there is nothing to compare with' : 'no captures named'
  console.error(`oracle: ${problem}\nUsage: npm run oracle -- CAPTURE...`)
  process.exit(2)
}
console.log(version)
const counts = { agree: 0, differ: 0, failed: 0 }
for (const capture of captures) {
  try {
    await compare(capture)
  } catch (error) {
    counts.failed++
    console.error(`${capture}: ${error.message}`)
  }
}
const { agree, differ, failed } = counts
console.log(`${captures.length} captures: ${agree} handshakes agree, ${differ} differ`)
process.exitCode = failed > 0 ? 2 : differ > 0 ? 1 : 0

async function compare(capture) {
  const ours = []
  for await (const record of analyze(capture)) {
    if (record.type === 'handshake') ours.push(factsOfPqcap(record))
    else if (record.error !== null) console.error(`${capture}: ${record.error.message}`)
  }
  for (const handshake of await readWithTshark(capture)) {
    const theirs = factsOfTshark(handshake)
    const own = nearest(theirs, ours)
    if (own !== null) ours.splice(ours.indexOf(own), 1)
    tell(capture, theirs, own === null ? ['pqcap has no such handshake'] : differences(theirs, own))
  }
  // Without a whole hello Wireshark shows no handshake, where pqcap says that one is incomplete.
  for (const own of ours)
    if (own['ClientHello frame'] !== null || own['ServerHello frame'] !== null)
      tell(capture, own, ['tshark has no such handshake'])
}

function tell(capture, facts, found) {
  counts[found.length === 0 ? 'agree' : 'differ']++
  for (const difference of found) console.log(`${capture}: stream ${facts.stream}, ${facts.client}: ${difference}`)
}

/** The handshake of the same stream, endpoints and hellos as far as there is one. */
function nearest(wanted, candidates) {
  const weights = { stream: 2, client: 2, server: 2, 'ClientHello frame': 2, 'ServerHello frame': 1 }
  const likeness = (one) =>
    Object.entries(weights).reduce((sum, [fact, weight]) => sum + (one[fact] === wanted[fact] ? weight : 0), 0)
  const best = candidates.reduce((a, b) => (a === null || likeness(b) > likeness(a) ? b : a), null)
  return best !== null && likeness(best) >= 3 ? best : null
}

function differences(theirs, ours) {
  return Object.keys(theirs).flatMap((fact) => {
    const [their, our] = [JSON.stringify(theirs[fact]), JSON.stringify(ours[fact])]
    return their === our ? [] : [`${fact}: tshark has ${their}, pqcap ${our}`]
  })
}

/** Facts that both know, by the name under which a difference is printed. */
function factsOfTshark({ client, server, stream, frames, ...handshake }) {
  const { clientHello, secondHello, retry, serverHello, curve, encryption } = handshake
  const share = serverHello?.keyShare ?? null
  return {
    client,
    server,
    stream,
    'ClientHello frame': frames.clientHello,
    'HelloRetryRequest frame': frames.helloRetryRequest,
    'second ClientHello frame': frames.secondClientHello,
    'ServerHello frame': frames.serverHello,
    'legacy version': clientHello?.legacyVersion ?? null,
    'server name': clientHello?.serverName ?? null,
    'supported groups': clientHello?.groups ?? null,
    'key shares': clientHello?.keyShares.map(({ group, bytes }) => [group, bytes]) ?? null,
    'cipher suites offered': clientHello?.cipherSuites ?? null,
    ALPN: clientHello?.alpn ?? null,
    extensions: clientHello?.extensions ?? null,
    'second key shares': secondHello?.keyShares.map(({ group, bytes }) => [group, bytes]) ?? null,
    'group asked for': retry?.group ?? null,
    version: serverHello?.version ?? null,
    'cipher suite': serverHello?.cipherSuite ?? null,
    'selected key share': share === null ? null : [share.group, share.bytes],
    'pre-shared key': serverHello?.preSharedKey ?? null,
    'curve of the ServerKeyExchange': curve,
    alerts: handshake.alerts.map((alert) => [
      ...[alert.frame, alert.from === client ? 'client' : 'server', alert.level, alert.description],
    ]),
    'encryption begins': serverHello?.version === VERSIONS['TLSv1.3'] ? encryption : null,
  }
}

function factsOfPqcap(record) {
  const { clientHello, secondClientHello, helloRetryRequest, serverHello, serverKeyExchange } = record
  const share = serverHello?.keyShare ?? null
  const version = serverHello === null ? null : versionNumber(serverHello.version)
  return {
    client: endpoint(record.client),
    server: endpoint(record.server),
    stream: record.stream,
    'ClientHello frame': clientHello?.frame ?? null,
    'HelloRetryRequest frame': helloRetryRequest?.frame ?? null,
    'second ClientHello frame': secondClientHello?.frame ?? null,
    'ServerHello frame': serverHello?.frame ?? null,
    'legacy version': clientHello === null ? null : versionNumber(clientHello.legacyVersion),
    'server name': clientHello === null ? null : record.serverName,
    'supported groups': clientHello?.supportedGroups.map(({ id }) => id) ?? null,
    'key shares': clientHello?.keyShares.map(({ id, bytes }) => [id, bytes]) ?? null,
    'cipher suites offered': clientHello?.cipherSuites.length ?? null,
    ALPN: clientHello?.alpn ?? null,
    extensions: clientHello?.extensions ?? null,
    'second key shares': secondClientHello?.keyShares.map(({ id, bytes }) => [id, bytes]) ?? null,
    'group asked for': helloRetryRequest?.group?.id ?? null,
    version,
    'cipher suite': version === VERSIONS.SSLv2 ? null : (serverHello?.cipherSuite.id ?? null),
    'selected key share': share === null ? null : [share.id, share.bytes],
    'pre-shared key': serverHello?.preSharedKey ?? null,
    'curve of the ServerKeyExchange': serverKeyExchange?.group?.id ?? null,
    alerts: record.alerts.map(({ frame, from, level, id }) => [frame, from, LEVELS[level] ?? level, id]),
    'encryption begins': version === VERSIONS['TLSv1.3'] ? record.encryption.begins : null,
  }
}

function endpoint({ address, port }) {
  return `${address}:${port}`
}

/** `TLSv1.2`, `TLSv1.3-draft23` and `unknown (0x7e02)` as the number on the wire. */
function versionNumber(name) {
  const draft = /^TLSv1\.3-draft(\d+)$/.exec(name)
  if (draft !== null) return 0x7f00 + Number(draft[1])
  return VERSIONS[name] ?? Number(/\((0x[\da-f]{4})\)/.exec(name)?.[1])
}
