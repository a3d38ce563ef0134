//! What all routes share: pages, answers, forms, error pages.
