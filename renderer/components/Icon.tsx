import { iconShapes, type IconName } from './icon-shapes.tsx';
import { classNames } from './class-names.ts';

export interface IconProps {
  name: IconName;
  size?: 'sm' | 'lg';
  /** Given where the icon stands alone; without it the icon is decoration. */
  label?: string;
  className?: string | undefined;
}

/** Draws one icon with the current colour. */
export function Icon({ name, size, label, className }: IconProps) {
  const classes = classNames('icon', size && `icon-${size}`, className);
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={classes} viewBox="0 0 16 16" {...named}>
      {iconShapes[name]}
    </svg>
  );
}
