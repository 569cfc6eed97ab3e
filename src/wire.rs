//! How folders declare the words that their interfaces speak.

/// Declares words that go over the wire, each with its description.
macro_rules! wire {
    ($($(#[$about:meta])* $word:ident: $($wire:literal $variant:ident $what:literal,)+)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $word {
            $(
                #[doc = $what]
                #[serde(rename = $wire)]
                $variant,
            )+
        }

        impl $word {
            /// Every word, in the order in which they are declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }
        }

        impl ::std::fmt::Display for $word {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    )+};
}

pub(crate) use wire;
