/** Where the goods go and who is asked there: invented, and of the kind that a supplier must not keep. */

import type { Seeded } from './seeded.ts';

export interface Dock {
  name: string;
  email: string;
  phone: string;
  street: string;
  city: string;
  postalCode: string;
  desk: string;
  remark: string;
}

/** Numbers from 555-0100 to 555-0199 belong to nobody; example.com is reserved for examples (RFC 2606). */
export function receivingDock(random: Seeded): Dock {
  const number = 1000 + random.below(9000);
  const phone = `555-01${String(random.below(100)).padStart(2, '0')}`;
  const email = `dock-${number}-${random.hex(6)}@example.com`;
  return {
    name: `Receiving Dock ${number}`,
    email,
    phone,
    street: `${number} Loading Bay Road, Gate ${1 + random.below(9)}`,
    city: 'Sampletown',
    postalCode: `${String(random.below(100_000)).padStart(5, '0')}-${number}`,
    desk: `Purchasing Desk ${number}`,
    remark: `Please ring ${phone} or write to ${email} before delivery.`,
  };
}

/** Every text about the dock that must not be found anywhere afterwards. */
export function personalTexts(dock: Dock): string[] {
  return [dock.name, dock.email, dock.phone, dock.street, dock.postalCode, dock.desk];
}
