// SPDX-License-Identifier: MIT
/* What a language has to have. The words of each enumeration come from the daemon's schemas, so a
 * code without a text does not compile.
 */
import type {
  AlertStateWord, BodySiteWord, CalibrationCodeWord, CalibrationLackWord, CalibrationStateWord, CalibrationStepWord, CodeWord, CommandErrorWord, CueWord, ExerciseWord,
  HealthCodeWord, HistoryActWord, PhaseWord, PlacementWord, PopClassWord, PopStateWord, RadioWaitWord, WearableProblemWord, SideWord, SymptomWord, WearableStateWord,
} from '../../generated/types';
import type { en } from './en';

export interface Codes {
  code: Record<CodeWord, string>;
  cue: Record<CueWord, string>;
  phase: Record<PhaseWord, string>;
  class: Record<PopClassWord, string>;
  class_short: Record<PopClassWord, string>;
  pop_state: Record<PopStateWord, string>;
  exercise: Record<ExerciseWord, string>;
  placement: Record<PlacementWord, string>;
  symptom: Record<SymptomWord, string>;
  site: Record<BodySiteWord, string>;
  side: Record<SideWord, string>;
  step: Record<CalibrationStepWord, string>;
  step_how: Record<CalibrationStepWord, string>;
  step_state: Record<CalibrationStateWord, string>;
  /** what a step under way waits for; {}: how far it has come, in percent or in movements */
  awaited: Record<CalibrationStepWord, string>;
  calibration: Record<CalibrationCodeWord, string>;
  lack: Record<CalibrationLackWord, string>;
  lack_how: Record<CalibrationLackWord, string>;
  health: Record<HealthCodeWord, string>;
  radio_wait: Record<RadioWaitWord, string>;
  error: Record<CommandErrorWord | 'timeout' | 'offline' | 'refused', string>;
  technical: Record<WearableProblemWord | WearableStateWord | 'battery' | 'link' | 'clock' | 'shift' | 'no_data' | 'gateway_gone' | 'uncalibrated', string>;
  act: Record<HistoryActWord, string>;
  alert_state: Record<AlertStateWord, string>;
  /** who told coxad, where that is no name */
  teller: Record<'athlete' | 'trainer', string>;
  form: Record<'f1' | 'f2' | 'f3' | 'f4' | 'f5' | 'f6' | 'f7', string>;
}
export type Ui = { [K in keyof (typeof en)['ui']]: string };
export interface Texts extends Codes {
  ui: Ui;
}
