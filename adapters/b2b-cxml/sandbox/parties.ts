/** Who speaks with whom, and by which names and secret. */

export interface PartyIdentity {
  domain: string;
  identity: string;
}

export interface Parties {
  supplier: PartyIdentity;
  buyer: PartyIdentity;
  /** How the buyer's system names itself as sender; its network, not the buyer itself. */
  senderIdentity: string;
  /** Known to both, and used in both directions. */
  sharedSecret: string;
  currency: string;
}

export const DEFAULT_PARTIES: Parties = {
  supplier: { domain: 'NetworkId', identity: 'AN01000000017' },
  buyer: { domain: 'NetworkId', identity: 'AN01000000042' },
  senderIdentity: 'procurement@buyer.example.com',
  sharedSecret: 'sandbox-shared-secret-4f1c',
  currency: 'USD',
};
