import { hex } from '../bytes/text.js'
import { cipherSuite } from '../registry/cipher-suites.js'
import { ambiguousNames, groupOfShare, keyShareOf, namedGroup } from '../registry/groups.js'
import { pskModeName } from '../registry/psk-modes.js'
import { versionName } from '../registry/versions.js'
import type * as tls from '../tls/handshake.js'
import type { Group, Hello, HelloRetryRequest, ServerHello, ServerKeyExchange } from './record.js'
import { remembered } from './remembered.js'

/**
 * Groups and key shares of one hello that a record lists, each by name. The wire has room for 32,767 and 16,383: a
 * record of all of them takes megabytes, and a hostile client can send one hello after the other.
 */
export const MAX_LISTED = 256

/** The messages whose key shares tell what a code point with several meanings stands for. */
export type Sharing = Pick<tls.Handshake, 'clientHello' | 'secondClientHello' | 'serverHello'>

/** A ClientHello with its code points named. */
export function helloRecord(hello: tls.ClientHello, sharing: Sharing): Hello {
  return {
    frame: hello.frame,
    bytes: hello.bytes,
    segments: hello.segments,
    records: hello.records,
    legacyVersion: versionName(hello.legacyVersion),
    supportedVersions: versionNames(hello.supportedVersions),
    cipherSuites: hello.cipherSuites,
    supportedGroups: listed(offeredGroups(hello, sharing)),
    keyShares: sharedKeys(hello.keyShares),
    signatureSchemes: hello.signatureSchemes,
    alpn: hello.alpn,
    pskModes: pskModeNames(hello.pskModes),
    preSharedKey: hello.preSharedKey,
    earlyData: hello.earlyData,
    encryptedClientHello: hello.encryptedClientHello,
    extensions: hello.extensions,
  }
}

function listed<Item>(items: readonly Item[]): readonly Item[] {
  return items.length > MAX_LISTED ? items.slice(0, MAX_LISTED) : items
}

const versionNames = remembered((versions: readonly number[]) => versions.map(versionName))
const pskModeNames = remembered((modes: readonly number[]) => modes.map(pskModeName))
const namedGroups = remembered((ids: readonly number[]) => ids.map(namedGroup))
const hasAmbiguous = remembered((ids: readonly number[]) => ids.some((id) => ambiguousNames(id).length > 0))
const sharedKeys = remembered((shares: readonly tls.ShareEntry[]) =>
  listed(shares).map((share) => keyShareOf(share.group, 'client', share.bytes)),
)

/** The groups of key shares, of all of them. */
export const sharedGroups = remembered((shares: readonly tls.ShareEntry[]) =>
  shares.map((share) => groupOfShare(share.group, 'client', share.bytes).group),
)

/** The listed groups. A code point with several meanings has that of a key share, where there is one. */
export function offeredGroups(hello: tls.ClientHello, sharing: Sharing): readonly Group[] {
  const groups = namedGroups(hello.supportedGroups)
  if (!hasAmbiguous(hello.supportedGroups)) return groups
  // A list may name one group again and again, and few groups are ambiguous.
  const meanings = new Map<number, Group>()
  return groups.map((group) => {
    if (ambiguousNames(group.id).length === 0) return group
    const meaning = meanings.get(group.id) ?? groupIn({ ...sharing, clientHello: hello }, group.id)
    meanings.set(group.id, meaning)
    return meaning
  })
}

/** What a code point stands for in a handshake: the first key share whose length tells, else the first of all. */
export function groupIn({ clientHello, secondClientHello, serverHello }: Sharing, id: number): Group {
  if (ambiguousNames(id).length === 0) return namedGroup(id)
  const meanings = [clientHello, secondClientHello].flatMap((hello) => {
    const share = hello?.keyShares.find(({ group }) => group === id)
    return share === undefined ? [] : [groupOfShare(id, 'client', share.bytes)]
  })
  const answer = serverHello?.keyShare
  if (answer?.group === id) meanings.push(groupOfShare(id, 'server', answer.bytes))
  const meaning = meanings.find(({ ambiguous }) => ambiguous.length < 2) ?? meanings[0]
  return meaning?.group ?? namedGroup(id)
}

export function retryRecord(retry: tls.ServerHello, sharing: Sharing): HelloRetryRequest {
  return {
    frame: retry.frame,
    bytes: retry.bytes,
    group: retry.keyShare === null ? null : groupIn(sharing, retry.keyShare.group),
    cookie: retry.cookie,
  }
}

export function serverHelloRecord(hello: tls.ServerHello, resumed: boolean): ServerHello {
  return {
    frame: hello.frame,
    bytes: hello.bytes,
    segments: hello.segments,
    version: versionName(hello.version),
    cipherSuite: cipherSuite(hello.cipherSuite),
    keyShare: hello.keyShare === null ? null : keyShareOf(hello.keyShare.group, 'server', hello.keyShare.bytes),
    preSharedKey: hello.preSharedKey,
    sessionResumed: resumed,
  }
}

/** The curve or finite-field group of a ServerKeyExchange; of a code point with several meanings its point's length tells. */
export function exchangeGroup({ group, publicBytes }: tls.ServerKeyExchange): Group | null {
  if (group === null) return null
  return publicBytes === null ? namedGroup(group) : groupOfShare(group, 'server', publicBytes).group
}

/** `x25519 (0x001d)`, `unknown (0x1234)`. */
export function groupWithNumber({ id, name }: Group): string {
  return name.includes('0x') ? name : `${name} (${hex(id)})`
}

export function serverKeyExchangeRecord(exchange: tls.ServerKeyExchange): ServerKeyExchange {
  return {
    frame: exchange.frame,
    bytes: exchange.bytes,
    kind: exchange.kind,
    group: exchangeGroup(exchange),
    publicBytes: exchange.publicBytes,
    primeBits: exchange.primeBits,
    primeName: exchange.primeName,
  }
}
