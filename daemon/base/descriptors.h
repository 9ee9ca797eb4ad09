/* descriptors.h - closes what a process was born with. */
#ifndef PATCHMAILD_DESCRIPTORS_H
#define PATCHMAILD_DESCRIPTORS_H

/* Close all descriptors from `first` up: 0, or a negative errno if some may be open still. */
int descriptors_close_from(unsigned first);

/* The same without close_range(2), which Linux has from 5.9 on and filters of containers may forbid: what /proc lists,
 * or without it all numbers up to the hard limit of this process. */
int descriptors_close_each(unsigned first);

#endif
