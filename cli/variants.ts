/** `--variant promo_b=30 --variant-param B1=column:name`: further templates of a campaign, each for a part of the people. */
import { nanoid } from 'nanoid';
import type { ParameterSource } from '../domain/audience';
import type { CampaignSpec, Variant } from '../domain/campaign-spec';
import { letterOf, MOST_VARIANTS } from '../domain/variants';
import { WrongUsage } from './errors';
import { sentence } from './speech';
import { parseParameters } from './parameters';

export interface VariantOptions {
  /** `TEMPLATE` or `TEMPLATE=PERCENT`, variant B first. */
  variant?: string[];
  /** As `--param`, with the letter before the position. */
  variantParam?: string[];
}

const KEY_LENGTH = 10;

/** The spec's variants; a variant without parameters of its own has `first`, those of the campaign's template. */
export function chooseVariants(
  { variant: given = [], variantParam = [] }: VariantOptions,
  first: ParameterSource[],
): Pick<CampaignSpec, 'variants' | 'splitKey'> {
  if (given.length >= MOST_VARIANTS)
    throw new WrongUsage('--variant: expected at most {{most}}, beside --template; got {{count}}', {
      most: MOST_VARIANTS - 1,
      count: given.length,
    });
  const letters = given.map((_, index) => letterOf(index + 1));
  const own = new Map<string, string[]>(letters.map((letter) => [letter, []]));
  for (const one of variantParam) {
    const [, letter = '', parameter = ''] = /^\s*([A-Za-z])(.*)$/s.exec(one) ?? [];
    const parameters = own.get(letter.toUpperCase());
    if (!parameters) {
      const expected =
        letters.length > 0
          ? sentence('one of {{letters}}', { letters: letters.join(', ') })
          : sentence('--variant with it');
      throw new WrongUsage(
        '--variant-param "{{one}}": expected {{expected}} before the position, such as B1=column:name',
        { one, expected },
      );
    }
    parameters.push(parameter);
  }
  const variants = given.map((one, index): Variant => {
    const [, template = '', share] = /^(.+?)(?:=(\d{1,3}))?$/.exec(one.trim()) ?? [];
    if (template === '' || /=[^=]*$/.test(template))
      throw new WrongUsage('--variant "{{given}}": expected TEMPLATE or TEMPLATE=PERCENT, such as promo_b=30', {
        given: one,
      });
    const parameters = own.get(letters[index]!)!;
    return {
      template,
      parameters: parameters.length > 0 ? parseParameters(parameters) : first,
      ...(share !== undefined && { share: Number(share) }),
    };
  });
  return variants.length > 0 ? { variants, splitKey: nanoid(KEY_LENGTH) } : {};
}
