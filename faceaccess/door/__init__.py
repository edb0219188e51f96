"""Use cases at the door. Below, the way of a frame.

1. `feed`: a process of its own reads the camera; its newest frame waits in a slot, older ones are dropped.
2. `supervision` says of each camera whether it is there, frozen, black or gone, and when it is tried again.
3. `live`: one thread for all cameras takes the frames that wait; `replay` plays a recording instead.
4. `watch`: one camera's frames in their order; a live one older than two seconds is passed over.
5. `recognition.pipeline` finds, follows, embeds and searches faces and has each decided about.
6. `rules`: somebody known may still be refused, by hours, doors and holidays.
7. `checkin`: so many frames must agree; then one event per person per cool-down. Time is passed in.
8. `liveness.turning`: whoever is known may be asked to turn the head first, as the policy of
   `recognition.presentation` says.
9. `desk`: somebody neither clearly known nor clearly a stranger is asked about, where somebody can answer.
10. `entries`: the event becomes a row of the journal; commit first, show second.
11. `services`: a thread opens the door (`opening`), another tells other programs (`delivery`).
12. `unknown_faces` keeps a stranger's face, where that was chosen.

`doors` opens and closes all this, put together by `assembly`; a PIN (`pin`) joins at 10. `cameras`, `groups`,
`openings` and `notifications` are what is set up.
"""
