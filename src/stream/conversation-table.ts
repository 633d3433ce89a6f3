import type { Conversation } from './conversation.js'
import { IdleOrder } from './idle-order.js'

/**
 * Conversations (handshakes under way, streams with a gap) held at a time: a few kilobytes each. Beyond it the ones
 * that had no data for longest are given up, and reported as incomplete.
 */
export const MAX_CONVERSATIONS = 4096
/** Bytes that wait behind gaps or for the rest of a message, over all conversations. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024

/** The conversations under way, each by the number of its place, and what they hold. */
export class ConversationTable {
  private readonly maxConversations: number
  private readonly conversations: (Conversation | null)[] = []
  private readonly freePlaces: number[] = []
  private readonly idleOrder = new IdleOrder()
  private heldBytes = 0

  constructor(maxConversations = MAX_CONVERSATIONS) {
    this.maxConversations = maxConversations
  }

  /** The conversation at a place that is taken. */
  at(place: number): Conversation {
    return this.conversations[place] as Conversation
  }

  /** Returns its place. */
  add(conversation: Conversation): number {
    const place = this.freePlaces.pop() ?? this.conversations.length
    this.conversations[place] = conversation
    return place
  }

  remove(place: number): void {
    const conversation = this.at(place)
    this.conversations[place] = null
    this.freePlaces.push(place)
    this.idleOrder.remove(conversation)
    this.heldBytes -= conversation.countedCost
  }

  /** It has data, so that it is the last one to be given up. */
  touch(conversation: Conversation): void {
    this.idleOrder.touch(conversation)
  }

  /** Counts anew what a conversation holds. */
  count(conversation: Conversation): void {
    this.heldBytes += conversation.heldBytes - conversation.countedCost
    conversation.countedCost = conversation.heldBytes
  }

  /** The conversation to be given up next, as a limit is passed; null where none is. */
  get excess(): Conversation | null {
    return this.idleOrder.count > this.maxConversations || this.heldBytes > MAX_HELD_BYTES
      ? this.idleOrder.first()
      : null
  }

  /** All that are under way. */
  all(): Conversation[] {
    return this.conversations.filter((conversation) => conversation !== null)
  }
}
