import type { SandboxLedger, SandboxSales } from '../channel/sandbox.ts';
import type { PushRunResult } from '../sync/push-run.ts';
import type { SalesAnswer } from '../sync/report.ts';
import type { DemoCatalogue } from './demo.ts';
import type { CarriedStory } from './demo-carried.ts';
import type { PartnerStory } from './demo-partner.ts';

/** The marketplace's own books beside ours. */
interface ComparedBooks {
  sales: SandboxSales;
  orders: number;
  onSale: number;
  traffic: SandboxLedger['traffic'];
  agrees: boolean;
}

const emptyBooks: SandboxSales = {
  currency: 'KRW',
  units: 0,
  gross: 0,
  cancelled: 0,
  returned: 0,
  net: 0,
  shipping: 0,
};

/** True to the won, and with the same products on sale, or `agrees` is false. */
export function compareBooks(answer: SalesAnswer, ledger: SandboxLedger, onSale: number): ComparedBooks {
  const sales = ledger.sales.find((row) => row.currency === 'KRW') ?? emptyBooks;
  const total = answer.totals.find((row) => row.currency === 'KRW');
  const figures = ['units', 'gross', 'cancelled', 'returned', 'net', 'shipping'] as const;
  const there = new Set(ledger.listings.filter((one) => one.state === 'on-sale').map((one) => one.sku)).size;
  const agrees = figures.every((figure) => total?.[figure] === sales[figure]) && onSale === there;
  return { sales, orders: ledger.orders.length, onSale: there, traffic: ledger.traffic, agrees };
}

interface DemoFacts {
  catalogue: DemoCatalogue;
  push: PushRunResult;
  companies: number;
  onSale: number;
  pulled: { orders: number; claims: number; settlements: number };
  carried: CarriedStory[];
  partners: PartnerStory[];
  sales: SalesAnswer;
  companySales: SalesAnswer;
  kindSales: SalesAnswer;
  books: ComparedBooks;
  agrees: boolean;
}

export type DemoAnswer = ReturnType<typeof demoAnswer>;

/** The answer of `naru demo --json`. */
export function demoAnswer(facts: DemoFacts) {
  const { catalogue, push, companies, onSale, pulled, carried, partners, sales, books, agrees } = facts;
  return {
    products: {
      companies,
      accepted: catalogue.accepted,
      approved: catalogue.approved,
      on_sale: onSale,
      refused_rows: catalogue.refusedRows,
      refused: catalogue.refused.map(({ row, sku, field, rule, result, messageKo, messageEn }) => {
        return { row, sku, field, rule, result, message_ko: messageKo, message_en: messageEn };
      }),
    },
    listings: {
      planned: push.planned,
      done: push.done,
      on_sale: onSale,
      failed: push.failed.length,
      in_doubt: push.inDoubt.length,
    },
    orders: { pulled: pulled.orders, claims: pulled.claims, settlements: pulled.settlements },
    export: carried,
    b2b: partners,
    sales: {
      ...(sales.totals.find((row) => row.currency === 'KRW') ?? {}),
      totals: sales.totals,
      won: sales.won,
      rates: sales.rates,
      by_day: sales.rows,
      by_company: facts.companySales.rows,
      by_kind: facts.kindSales.rows,
      leads_by_kind: facts.kindSales.leads,
    },
    ledger: { ...books.sales, orders: books.orders, on_sale: books.onSale, traffic: books.traffic },
    agrees,
  };
}
