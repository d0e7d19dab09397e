/** Every question of the conversation, by its step. */
import type { Question, Step } from './steps';
import { approvalReasonScreen } from '../screens/approval-reason';
import {
  audienceScreen,
  fileScreen,
  listScreen,
  numbersScreen,
  pipelineScreen,
  stageScreen,
} from '../screens/audience';
import { confirmScreen, lateScreen, typedCountScreen } from '../screens/confirm';
import { crmDatesScreen } from '../screens/crm-dates';
import { crmFieldScreen } from '../screens/crm-field';
import { crmPickScreen } from '../screens/crm-pick';
import { mediaScreen, nameScreen } from '../screens/details';
import { fallbackScreen, parameterScreen } from '../screens/parameter';
import { eraseScreen } from '../screens/person';
import { findScreen } from '../screens/find';
import { chainStepScreen, followUpScreen } from '../screens/follow-up';
import { optionScreen } from '../screens/options';
import { listNameScreen } from '../screens/lists';
import { peopleScreen } from '../screens/chosen';
import { draftsScreen } from '../screens/drafts';
import { partsScreen } from '../screens/parts';
import { earlierScreen, outcomeScreen } from '../screens/earlier';
import { seekScreen } from '../screens/seek';
import { previewScreen } from '../screens/preview';
import { repeatScreen, repeatTimeScreen } from '../screens/repeat';
import { rescheduleScreen } from '../screens/reschedule';
import { replyAnswerScreen } from '../screens/replies';
import { rateScreen } from '../screens/rate';
import { pricesDayScreen, pricesScreen } from '../screens/prices';
import { rulesScreen } from '../screens/rules';
import { stoplistManyScreen, stoplistScreen } from '../screens/stoplist';
import { tableScreen } from '../screens/table';
import { testPhoneScreen } from '../screens/test-send';
import { tableChoiceScreen } from '../screens/table-choice';
import { tagScreen } from '../screens/person';
import {
  templateDraftScreen,
  templateNewScreen,
  templatePartScreen,
  templateSubmitScreen,
  templateTextScreen,
} from '../screens/template-draft';
import { templateScreen } from '../screens/template';
import { unfinishedScreen } from '../screens/template';
import { calendarScreen, hourScreen, whenScreen } from '../screens/when';
import { writeBackScreen, writeBackStageScreen } from '../screens/write-back';
import type { StepScreen } from './talk';

const SCREENS: { [K in Question['at']]: StepScreen<Extract<Step, { at: K }>> } = {
  unfinished: unfinishedScreen,
  drafts: draftsScreen,
  parts: partsScreen,
  template: templateScreen,
  audience: audienceScreen,
  pipeline: pipelineScreen,
  stage: stageScreen,
  crmPick: crmPickScreen,
  crmDates: crmDatesScreen,
  crmField: crmFieldScreen,
  list: listScreen,
  people: peopleScreen,
  earlier: earlierScreen,
  outcome: outcomeScreen,
  numbers: numbersScreen,
  file: fileScreen,
  table: tableScreen,
  tableChoice: tableChoiceScreen,
  parameter: parameterScreen,
  media: mediaScreen,
  name: nameScreen,
  preview: previewScreen,
  seek: seekScreen,
  fallback: fallbackScreen,
  testPhone: testPhoneScreen,
  option: optionScreen,
  followUp: followUpScreen,
  when: whenScreen,
  calendar: calendarScreen,
  hour: hourScreen,
  confirm: confirmScreen,
  typedCount: typedCountScreen,
  late: lateScreen,
  reschedule: rescheduleScreen,
  repeat: repeatScreen,
  repeatTime: repeatTimeScreen,
  replyAnswer: replyAnswerScreen,
  chainStep: chainStepScreen,
  rate: rateScreen,
  writeBack: writeBackScreen,
  writeBackStage: writeBackStageScreen,
  find: findScreen,
  listName: listNameScreen,
  tag: tagScreen,
  erase: eraseScreen,
  rules: rulesScreen,
  prices: pricesScreen,
  pricesDay: pricesDayScreen,
  stoplist: stoplistScreen,
  stoplistMany: stoplistManyScreen,
  approvalReason: approvalReasonScreen,
  templateNew: templateNewScreen,
  templateText: templateTextScreen,
  templateDraft: templateDraftScreen,
  templatePart: templatePartScreen,
  templateSubmit: templateSubmitScreen,
};

/** The table is typed by step; looking up by a step's own `at` loses that, so it is restored here, once. */
export function screenOf(step: Question): StepScreen<Step> {
  return SCREENS[step.at] as unknown as StepScreen<Step>;
}
