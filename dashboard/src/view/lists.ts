// SPDX-License-Identifier: MIT
/* In the order of doing. */
import type { CalibrationStepWord, ExerciseWord } from '../../generated/types';

export const exercises: ExerciseWord[] = ['supine-straight', 'supine-bent', 'single', 'hang', 'flutter', 'generic-core', 'none'];
export const steps: CalibrationStepWord[] = ['neutral', 'flat-back', 'pelvic-tilts', 'leg-raise-left', 'leg-raise-right', 'clap'];
