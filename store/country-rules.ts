/** `countryRules`: the team's own rules by country and category (domain/country-rules.ts), one document each. Each change is kept in `audit`. */
import type { Db } from 'mongodb';
import type { CountryRule } from '../domain/country-rules';
import type { Actor } from '../domain/story/actor';
import type { AuditStore } from './audit';

/** A rule, and who set it when. */
export interface SetRule extends CountryRule {
  at: Date;
  by: Actor;
}

interface RuleDocument extends SetRule {
  _id: string;
}

export interface CountryRuleStore {
  /** By country, then category. */
  all(): Promise<SetRule[]>;
  /** In place of the one of the same country and category. Answers with that one. */
  set(rule: CountryRule, by: Actor): Promise<SetRule | undefined>;
  /** Answers with what there was. */
  remove(of: Pick<CountryRule, 'country' | 'category'>, by: Actor): Promise<SetRule | undefined>;
}

const idOf = ({ country, category }: Pick<CountryRule, 'country' | 'category'>): string => `${country}:${category}`;

export function createCountryRuleStore(db: Db, audit: AuditStore): CountryRuleStore {
  const rules = db.collection<RuleDocument>('countryRules');
  const find = async (of: Pick<CountryRule, 'country' | 'category'>): Promise<SetRule | undefined> => {
    const found = await rules.findOne({ _id: idOf(of) });
    return found ? withoutId(found) : undefined;
  };
  const note = async (what: string, by: Actor, was: CountryRule | undefined, is: CountryRule | undefined) => {
    const one = was ?? is;
    if (!one || factOf(was) === factOf(is)) return;
    const name = idOf(one);
    await audit.record({
      at: new Date(),
      actor: by,
      action: 'changed',
      what,
      before: { [name]: factOf(was) },
      after: { [name]: factOf(is) },
    });
  };
  return {
    all: async () => (await rules.find().sort({ _id: 1 }).toArray()).map(withoutId),
    set: async ({ country, category, action, consent }, by) => {
      const former = await find({ country, category });
      const rule = { country, category, action, consent };
      // Its trace first, as with whatever decides who is written to.
      await note('rules set', by, former, rule);
      await rules.replaceOne({ _id: idOf(rule) }, { ...rule, at: new Date(), by }, { upsert: true });
      return former;
    },
    remove: async (of, by) => {
      const former = await find(of);
      if (!former) return undefined;
      await note('rules remove', by, former, undefined);
      await rules.deleteOne({ _id: idOf(of) });
      return former;
    },
  };
}

function factOf(rule: CountryRule | undefined): string | null {
  return rule ? `${rule.action}${rule.consent ? ' + consent' : ''}` : null;
}

function withoutId({ _id, ...rule }: RuleDocument): SetRule {
  return rule;
}
