import { nameLookup } from './code-point.js'
import { LINK_TYPE_ROWS } from './link-type-rows.js'

/** `ETHERNET` for 1: the name of a LINKTYPE_ value of a capture file without its prefix, or `unknown (300)`. */
export const linkTypeName: (id: number) => string = nameLookup(LINK_TYPE_ROWS, (id) => `unknown (${id})`)
