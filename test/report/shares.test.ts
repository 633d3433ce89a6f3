import { expect, test } from 'vitest'
import { selectedShares } from '../../src/report/shares.js'
import {
  classicalRecord,
  handshakeRecord,
  hello,
  incompleteRecord,
  retriedRecord,
  serverHello,
  tls12Record,
} from '../support/records.js'

test('takes the client share of the group that the server selected, not the first', () => {
  expect(selectedShares(handshakeRecord())).toEqual({ client: 1216, server: 1120 })
  expect(selectedShares(classicalRecord())).toEqual({ client: 32, server: 32 })
})

test('takes the client share from the second ClientHello after a HelloRetryRequest', () => {
  expect(selectedShares(retriedRecord())).toEqual({ client: 1216, server: 1120 })
})

test('has no client share where the ClientHello was not read or holds none of that group', () => {
  expect(selectedShares(handshakeRecord({ clientHello: null }))).toEqual({ client: null, server: 1120 })
  expect(selectedShares(handshakeRecord({ clientHello: hello({ keyShares: [] }) }))).toEqual({
    client: null,
    server: 1120,
  })
})

test('takes the public value of a TLS 1.2 ServerKeyExchange', () => {
  expect(selectedShares(tls12Record())).toEqual({ client: null, server: 65 })
})

test('has none where nothing was negotiated or no share was sent', () => {
  expect(selectedShares(incompleteRecord())).toEqual({ client: null, server: null })
  expect(selectedShares(handshakeRecord({ serverHello: serverHello({ keyShare: null }) }))).toEqual({
    client: null,
    server: null,
  })
})
