import { describe, expect, it } from 'vitest'
import { conversation, onlyHandshake } from '../support/connection.js'
import * as tls from '../support/tls.js'

const sent = (fields: tls.ClientHelloFields) =>
  onlyHandshake(conversation([['client', tls.record(22, tls.hybridClientHello(fields))]]).packets)

describe('helloRecord', () => {
  it.each([
    [256, 256, []],
    [257, 256, [257]],
    [300, 256, [300]],
  ])('of a hello with %i groups and key shares lists %i, and says how many there were', async (count, listed, told) => {
    const supportedGroups = Array.from({ length: count }, (_, i) => 0x4000 + i)
    const { clientHello, notes } = await sent({
      supportedGroups,
      keyShares: supportedGroups.map((group) => [group, 1]),
    })
    expect(clientHello?.supportedGroups.map(({ id }) => id)).toEqual(supportedGroups.slice(0, listed))
    expect(clientHello?.keyShares.map(({ id }) => id)).toEqual(supportedGroups.slice(0, listed))
    expect(notes.filter(({ code }) => code === 'list-cut').map(({ message }) => message)).toEqual(
      told.flatMap((all) =>
        ['groups', 'key shares'].map((what) => `the ClientHello holds ${all} ${what}: the first 256 are listed`),
      ),
    )
  })
})
