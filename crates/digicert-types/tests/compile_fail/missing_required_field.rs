use digicert_types::certcentral::NewUser;

fn main() {
    // `email` is required and missing.
    let _ = NewUser::builder().first_name("John").last_name("Smith").build();
}
