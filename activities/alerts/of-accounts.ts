/** Alerts about a sender: its account, its number's quality, its limit, its wallet. */
import { moneyText, numberText } from '../../config/formats';
import { translate, type Language } from '../../config/i18n';
import { escapeHtml } from '../../config/text';
import type { AlertData } from '../../store/alerts';
import type { AlertMessage } from './message';
import type { Concerned } from './concerned';

const plain = (write: (to: Language) => string): AlertMessage => ({ write: (to) => ({ text: write(to) }) });

export function accountMessage(status: string, sender: string, concerned: Concerned): AlertMessage {
  const { paused, planned } = concerned;
  return {
    write: (to) => {
      const t = (key: string, values: Record<string, string> = {}): string =>
        translate(to, `alerts.account.${key}`, values);
      const isOver = status === 'REINSTATE';
      const lines = [
        t(status, { sender: escapeHtml(sender) }),
        ...(paused.length > 0 ? [t(isOver ? 'resumable' : 'paused', { names: concerned.names(paused, to) })] : []),
        ...(planned.length > 0 && !isOver ? [t('planned', { names: concerned.names(planned, to) })] : []),
        ...(isOver ? (paused.length > 0 ? [t('todo.resume')] : []) : [t('todo.wait')]),
      ];
      return { text: lines.join('\n\n'), buttons: concerned.buttons(isOver ? paused : [...paused, ...planned]) };
    },
  };
}

export function numberMessage(status: string, sender: string): AlertMessage {
  return plain((to) => {
    const text = translate(to, `alerts.number.${status}`, { sender: escapeHtml(sender) });
    return status === 'FLAGGED' ? `${text}\n\n${translate(to, 'alerts.number.todo')}` : text;
  });
}

export function tierMessage(limit: number): AlertMessage {
  return plain((to) => translate(to, 'alerts.tier', { limit: numberText(limit, to) }));
}

export function roomMessage(condition: string, { limit, used }: AlertData['room']): AlertMessage {
  return plain((to) =>
    translate(to, `alerts.room.${condition}`, { limit: numberText(limit, to), used: numberText(used, to) }),
  );
}

/** Undefined once it is over: the card shows the present rate. */
export function rateMessage(
  condition: string,
  { sender, perSecond, cap }: AlertData['rate'],
): AlertMessage | undefined {
  if (condition !== 'slowed') return undefined;
  const [takes, most] = [perSecond, cap].map((rate) => Number(rate.toPrecision(2)));
  return plain((to) => translate(to, 'alerts.rate', { sender: escapeHtml(sender), takes: takes!, cap: most! }));
}

export function walletMessage(condition: string, { sender, balance }: AlertData['wallet']): AlertMessage {
  return plain((to) =>
    translate(to, `alerts.wallet.${condition}`, {
      sender: escapeHtml(sender),
      balance: moneyText(balance, 'USD', to),
    }),
  );
}
