import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ServerKeyExchange } from '../../src/tls/handshake.js'
import { readServerKeyExchange } from '../../src/tls/server-key-exchange.js'
import { join } from '../support/bytes.js'
import * as tls from '../support/tls.js'

const PLACE = { frame: 7, bytes: 100, segments: 2, records: 3 }
type Exchange = Parameters<typeof readServerKeyExchange>[0]

/** Reads a message with its header, which lies between other bytes. */
function read(exchange: Exchange, message: Uint8Array): ServerKeyExchange {
  const around = join([0xff, 0xff], message, [0xff, 0xff, 0xff, 0xff])
  return readServerKeyExchange(exchange, around, 6, 2 + message.length, PLACE)
}

const hint = new TextEncoder().encode('hint')
const nothing = { group: null, publicBytes: null, primeBits: null, primeName: null, flaws: [] }

describe('readServerKeyExchange', () => {
  it('reads a named curve, also behind an identity hint', () => {
    const expected = { ...PLACE, ...nothing, kind: 'ecdhe', group: tls.X25519, publicBytes: 32, problem: null }
    for (const exchange of ['ECDHE', 'ECDH_anon'] as const)
      expect(read(exchange, tls.ecdheKeyExchange(tls.X25519, 32))).toEqual(expected)
    expect(read('ECDHE_PSK', tls.ecdheKeyExchange(tls.X25519, 32, hint))).toEqual(expected)
    expect(read('ECDHE_PSK', tls.ecdheKeyExchange(tls.X25519, 32, new Uint8Array(0)))).toEqual(expected)
  })

  it('names no group of an explicit curve', () => {
    expect(read('ECDHE', tls.explicitCurveKeyExchange())).toMatchObject({ ...nothing, kind: 'ecdhe', problem: null })
  })

  it('names the prime of a finite-field group and counts its bits without leading zeros', () => {
    const ffdhe = tls.ffdhe2048Prime()
    for (const zeros of [0, 1, 2, 7]) {
      const message = tls.dheKeyExchange(join(new Uint8Array(zeros), ffdhe))
      expect(read('DHE', message)).toMatchObject({
        kind: 'dhe',
        group: 0x0100,
        primeBits: 2048,
        primeName: 'ffdhe2048 (RFC 7919)',
        publicBytes: 256 + zeros,
        problem: null,
      })
    }
    expect(read('DHE_PSK', tls.dheKeyExchange(tls.modp2048Prime(), hint))).toMatchObject({
      group: null,
      primeBits: 2048,
      primeName: 'modp2048 (RFC 3526)',
    })
  })

  it.each([
    [[0], 0],
    [[1], 1],
    [[0x7f, 0xff], 15],
    [[0, 0x80, 0], 16],
  ])('counts the bits of %j as %i', (prime, bits) => {
    expect(read('DH_anon', tls.dheKeyExchange(Uint8Array.from(prime)))).toMatchObject({
      primeBits: bits,
      primeName: null,
      group: null,
    })
  })

  it('does not read what other exchanges send', () => {
    for (const exchange of ['RSA', 'PSK', 'CECPQ1', null] as const)
      expect(read(exchange, tls.ecdheKeyExchange(tls.X25519, 32))).toMatchObject({ ...nothing, kind: 'other' })
  })

  it('claims nothing of parameters that are cut, at any length', () => {
    const messages: (readonly [Exchange, Uint8Array, number])[] = [
      ['ECDHE', tls.ecdheKeyExchange(tls.X25519, 32), 4 + 4 + 32],
      ['ECDHE_PSK', tls.ecdheKeyExchange(tls.X25519, 32, hint), 4 + 6 + 4 + 32],
      ['DHE', tls.dheKeyExchange(tls.ffdhe2048Prime()), 4 + 258 + 3 + 258],
      ['DHE_PSK', tls.dheKeyExchange(tls.ffdhe2048Prime(), hint), 4 + 6 + 258 + 3 + 258],
    ]
    for (const [exchange, message, parameters] of messages) {
      const whole = read(exchange, message)
      for (let length = 5; length <= message.length; length++) {
        const found = read(exchange, message.slice(0, length))
        if (length < parameters) expect(found).toMatchObject({ ...nothing, problem: 'length-overrun' })
        else expect(found).toEqual(whole)
      }
    }
  })

  it('never throws, whatever the bytes', () => {
    const anyExchange = fc.constantFrom<Exchange>(
      'ECDHE',
      'ECDHE_PSK',
      'DHE',
      'DHE_PSK',
      'DH_anon',
      'ECDHE_KYBER',
      'RSA',
      null,
    )
    fc.assert(
      fc.property(anyExchange, fc.uint8Array({ maxLength: 400 }), (exchange, bytes) => {
        const found = read(exchange, join(new Uint8Array(4), bytes))
        expect(found.publicBytes ?? 0).toBeLessThanOrEqual(bytes.length)
        expect(found.primeBits ?? 0).toBeLessThanOrEqual(bytes.length * 8)
      }),
    )
  })
})
