/** Finds the first name within a full name. CRMs and files use both orders: «Иванов Иван Иванович», «Анна Петрова». */

const PATRONYMIC = /(вич|вна|ична)$/i;
/** Follows the father's name: «Керим оглы». */
const SON_OR_DAUGHTER = /^(оглы|кызы)$/i;
/** First names that end like surnames. */
const NAMES_LIKE_SURNAMES = new Set(
  (
    'ирина марина екатерина полина карина алина кристина ангелина галина валентина нина арина дина регина альбина ' +
    'сабина эвелина зарина мадина элина антонина амина лина лев константин валентин мартин августин бенедикт'
  ).split(' '),
);
const SURNAME = /(ов|ев|ёв|ова|ева|ёва|ский|цкий|ская|цкая|енко|швили|дзе)$/i;
/** «А.», «А.П.», A. P. */
const INITIALS = /^(?:\p{Lu}\.-?){1,3}$/u;
const FIRM = /^(?:ооо|оао|зао|пао|ао|нко|ано|фгуп|муп|llc|ltd|gmbh)$/i;
const MAYBE_SURNAME = /(ин|ын|ина|ына|их|ых|ук|юк|чук|як|ян|янц|ко)$/i;

/**
 * The word before a patronymic; otherwise, of two words, the one that looks less like a Russian surname, or the first
 * if unsure. What follows a comma comes first: `Petrova, Anna`. A single word is used as it is.
 */
export function firstNameOf(name: string): string {
  const [surname, behind] = name.split(',').map((part) => part.trim());
  // "Анна, постоянная": the comma precedes a remark.
  const given = behind && !(/^\p{Lu}/u.test(surname ?? '') && /^\p{Ll}/u.test(behind)) ? behind : undefined;
  const words = (given ? given : (surname ?? '')).split(/\s+/).filter((word) => word !== '');
  const patronymic = words.findIndex(
    (word, at) => at > 0 && (PATRONYMIC.test(word) || SON_OR_DAUGHTER.test(words[at + 1] ?? '')),
  );
  if (patronymic > 0) return words[patronymic - 1]!;
  // Initials and legal forms of firms are not first names: use the full text instead.
  if (words.length > 1 && (words.some((word) => INITIALS.test(word)) || FIRM.test(words[0]!))) {
    const full = words.filter((word) => !INITIALS.test(word));
    return FIRM.test(words[0]!) || full.length !== 1 || likeSurname(full[0]!) > 0 ? words.join(' ') : full[0]!;
  }
  const [first = '', second] = words;
  return second !== undefined && !given && likeSurname(first) > likeSurname(second) ? second : first;
}

function likeSurname(word: string): number {
  if (NAMES_LIKE_SURNAMES.has(word.toLowerCase())) return 0;
  if (SURNAME.test(word)) return 2;
  return MAYBE_SURNAME.test(word) ? 1 : 0;
}
