import type ipaddr from 'ipaddr.js'

type Library = typeof ipaddr

let library: Library | null = null

/** Loads what reads addresses; to be awaited before the functions here are called. Most policies have no addresses. */
export async function loadAddresses(): Promise<void> {
  library ??= (await import('ipaddr.js')).default
}

/** Whether it is an address, or a block such as `198.51.100.0/24` or `2001:db8::/32`. */
export function isBlock(text: string): boolean {
  const { IPv4, IPv6, isValidCIDR } = loaded()
  const [address = ''] = text.split('/')
  if (text.includes('/') && !isValidCIDR(text)) return false
  // Not the older forms, in which 10.1 is 10.0.0.1.
  return IPv4.isValidFourPartDecimal(address) || (address.includes(':') && IPv6.isValid(address))
}

/** Whether an address lies in one of the blocks. An IPv4-mapped address is its IPv4 address. */
export function blockMatcher(blocks: readonly string[]): (address: string) => boolean {
  const { parse, parseCIDR } = loaded()
  const plain = (text: string): ipaddr.IPv4 | ipaddr.IPv6 => {
    const address = parse(text)
    return 'isIPv4MappedAddress' in address && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
  }
  const ranges = blocks.map((block) => {
    if (block.includes('/')) {
      const [network, bits] = parseCIDR(block)
      // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
      const isMapped = 'isIPv4MappedAddress' in network && network.isIPv4MappedAddress() && bits >= 96
      return isMapped ? ([network.toIPv4Address(), bits - 96] as const) : ([network, bits] as const)
    }
    const address = plain(block)
    return [address, address.kind() === 'ipv4' ? 32 : 128] as const
  })
  return (text) => {
    const address = plain(text)
    return ranges.some(([network, bits]) => address.kind() === network.kind() && address.match([network, bits]))
  }
}

function loaded(): Library {
  if (library === null) throw new Error('addresses are read before what reads them was loaded')
  return library
}
