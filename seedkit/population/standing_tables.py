"""Tables of scores, lateness, channels and churn; sources stand beside each."""

from __future__ import annotations

import numpy as np

# Mean scores by generation: 680, 690, 709, 745, 760, 715 of all (FICO figures of 2023 as reported);
# the spread is an estimate. Quantiles at steps of ten per cent, before what follows is taken off.
SCORE_BANDS = (27, 43, 59, 78)
SCORE_BY_AGE = np.array([-26, -16, 4, 41, 54], np.int64)
SCORES = np.array([[440, 566, 633, 680, 718, 746, 767, 784, 803, 822, 850]], np.int64)
SCORE_LIMITS = (300, 850)
LATE_COSTS = 85  # points of those who were 60 days late; estimates, as the next
USUAL_USE, MOST_COUNTED, USE_COSTS = 30, 60, 110  # percent of limits; points per hundred of that
UNSCORED = 0.2  # of adults below 25

# Part of families in debt that were 60 days late in the past year, by age of the head: Survey of
# Consumer Finances 2022. Those late today come on top of these.
LATE_DAYS = 60
LATE_BANDS = (35, 45, 55, 65, 75)
LATE = np.array([0.082, 0.057, 0.056, 0.053, 0.030, 0.020])

# Main way to reach the account, in percent by age of adults: FDIC surveys of 2021 and 2023 give
# 48.3 for the app, 74 of the young and 15 of the old; the rest is an estimate.
CHANNEL_BANDS = (25, 35, 45, 55, 65)
CHANNELS = (  # Way: mobile, online, branch, atm, phone
    (74, 11, 5, 8, 2),
    (73, 13, 5, 7, 2),
    (67, 17, 6, 8, 2),
    (57, 22, 9, 10, 2),
    (43, 28, 16, 11, 2),
    (16, 31, 31, 17, 5),
)

# Signs after published samples of card customers: few products and long rest raise the risk, a
# balance that is carried lowers it, age and limit say nothing. The level is that of main banks
# changed within a year, 8 of 100.
CHURN_BASE, CHURN_PER_PRODUCT, MOST_PRODUCTS = 10, 2, 5
RESTS_AFTER, CHURN_AT_REST, CHURN_REVOLVING = 14, 12, 2  # days, points, points
CHURN_SPREAD = 8
